//! The rules of a sheet: style rules and `@media`, written again. All other rules are left out.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser,
};

use super::{
    Budget, Refusal, declarations, media,
    picture::Addresses,
    refused,
    selector::{self, Selectors},
};

/// `@media` within each other.
const MAX_DEPTH: usize = 3;

/// Writes rules as the parser finds them.
pub(super) struct Rules<'b, 'a> {
    pub(super) out: String,
    /// How many `@media` are open.
    depth: usize,
    budget: &'b mut Budget,
    addresses: &'b mut Addresses<'a>,
}

impl<'b, 'a> Rules<'b, 'a> {
    pub(super) fn new(
        depth: usize,
        budget: &'b mut Budget,
        addresses: &'b mut Addresses<'a>,
    ) -> Self {
        Self {
            out: String::new(),
            depth,
            budget,
            addresses,
        }
    }
}

impl<'i> AtRuleParser<'i> for Rules<'_, '_> {
    type Prelude = String;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<String, Refusal> {
        if self.depth >= MAX_DEPTH || !name.eq_ignore_ascii_case("media") {
            return Err(refused());
        }
        media::queries(input)
    }

    fn parse_block(
        &mut self,
        queries: String,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Refusal> {
        let before = self.out.len();
        self.out.push_str(&format!("@media {queries}{{"));
        let inside = self.out.len();
        self.depth += 1;
        for _ in RuleBodyParser::new(input, self) {}
        self.depth -= 1;
        if self.out.len() == inside {
            self.out.truncate(before);
        } else {
            self.out.push('}');
        }
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for Rules<'_, '_> {
    type Prelude = Selectors;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Selectors, Refusal> {
        selector::list(input)
    }

    fn parse_block(
        &mut self,
        selectors: Selectors,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Refusal> {
        let Selectors {
            written,
            count,
            reacts,
        } = selectors;
        let declarations = declarations::read(input, reacts, self.budget, self.addresses);
        if !declarations.is_empty() && self.budget.rule(count) {
            self.out.push_str(&format!("{written}{{{declarations}}}"));
        }
        Ok(())
    }
}

impl DeclarationParser<'_> for Rules<'_, '_> {
    type Declaration = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Rules<'_, '_> {
    fn parse_declarations(&self) -> bool {
        false
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}
