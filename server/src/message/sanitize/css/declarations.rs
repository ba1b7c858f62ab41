//! A list of declarations: each one that may stay, written again. Knows nothing of values.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser,
};

use super::{Budget, Refusal, picture::Addresses, property, refused, selector::Reacts, value};

/// The declarations up to the end of `input`, with `;` between them. Those of a rule that `reacts` to what the reader
/// does load nothing, nor make anything appear that would.
pub(super) fn read(
    input: &mut Parser<'_>,
    reacts: Reacts,
    budget: &mut Budget,
    addresses: &mut Addresses<'_>,
) -> String {
    let mut body = Body {
        out: String::new(),
        reacts,
        budget,
        addresses,
    };
    for _ in RuleBodyParser::new(input, &mut body) {}
    body.out
}

struct Body<'b, 'a> {
    out: String,
    reacts: Reacts,
    budget: &'b mut Budget,
    addresses: &'b mut Addresses<'a>,
}

impl<'i> DeclarationParser<'i> for Body<'_, '_> {
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
        let Self {
            reacts,
            budget,
            addresses,
            ..
        } = self;
        let shade = budget.shade(&name);
        let mut address = |wanted: &str| {
            let is_loaded = *reacts == Reacts::Never && budget.picture();
            is_loaded.then(|| addresses(wanted)).flatten()
        };
        let value = value::read(rule, shade, input, &mut address)?;
        if *reacts == Reacts::ToTouch && makes_appear(&name, &value) {
            return Err(refused());
        }
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

impl AtRuleParser<'_> for Body<'_, '_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for Body<'_, '_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Body<'_, '_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

/// Whether a declaration could make a browser load a picture that another rule names.
fn makes_appear(name: &str, value: &str) -> bool {
    let wide = ["inherit", "initial", "unset", "revert"];
    let is_of_another = wide.iter().any(|word| value.contains(word));
    name == "display" || (name.starts_with("background") && is_of_another)
}
