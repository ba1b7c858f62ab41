//! A list of declarations: each one that may stay, written again. Knows nothing of values.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser,
};

use super::{Budget, Refusal, property, refused, value};

/// The declarations up to the end of `input`, with `;` between them.
pub(super) fn read(input: &mut Parser<'_>, budget: &mut Budget) -> String {
    let mut body = Body {
        out: String::new(),
        budget,
    };
    for _ in RuleBodyParser::new(input, &mut body) {}
    body.out
}

struct Body<'b> {
    out: String,
    budget: &'b mut Budget,
}

impl<'i> DeclarationParser<'i> for Body<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _start: &ParserState,
    ) -> Result<(), Refusal> {
        let name = name.to_ascii_lowercase();
        let rule = property::rule(&name).ok_or_else(refused)?;
        let value = value::read(rule, self.budget.shade(&name), input)?;
        if !self.budget.declaration() {
            return Err(refused());
        }
        if !self.out.is_empty() {
            self.out.push(';');
        }
        self.out.push_str(&name);
        self.out.push(':');
        self.out.push_str(&value);
        Ok(())
    }
}

impl AtRuleParser<'_> for Body<'_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for Body<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Body<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}
