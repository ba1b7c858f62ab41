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
        kept: Vec::new(),
        has_ground: false,
        has_lost_ground: false,
        reacts,
        budget,
        addresses,
    };
    for _ in RuleBodyParser::new(input, &mut body) {}
    let is_bare = body.has_lost_ground && !body.has_ground;
    let kept = body.kept.iter();
    let kept: Vec<&str> = kept
        .filter(|(is_ink, _)| !(is_bare && *is_ink))
        .map(|(_, declaration)| declaration.as_str())
        .collect();
    kept.join(";")
}

struct Body<'b, 'a> {
    /// Declarations, and whether they are the colour of letters.
    kept: Vec<(bool, String)>,
    /// A background is among them.
    has_ground: bool,
    /// A background was refused that browsers may know: letters that were meant for it may not be seen without.
    has_lost_ground: bool,
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
        start: &ParserState,
    ) -> Result<(), Refusal> {
        let name = name.to_ascii_lowercase();
        let is_ground = matches!(
            &*name,
            "background" | "background-color" | "background-image"
        );
        let rule = property::rule(&name).ok_or_else(refused)?;
        let Self {
            reacts,
            budget,
            addresses,
            ..
        } = self;
        let shade = budget.shade(&name);
        let mut is_picture = false;
        let mut address = |wanted: &str| {
            is_picture = true;
            let is_loaded = *reacts == Reacts::Never && budget.picture();
            is_loaded.then(|| addresses(wanted)).flatten()
        };
        let value = value::read(rule, shade, input, &mut address);
        // Pictures are refused until somebody wants them; senders know that and have a colour somewhere.
        if is_ground && value.is_err() && !is_picture {
            self.has_lost_ground |= input.slice_from(start.position()).contains('(');
        }
        let value = value?;
        if *reacts == Reacts::ToTouch && makes_appear(&name, &value) {
            return Err(refused());
        }
        if !self.budget.declaration() {
            return Err(refused());
        }
        self.has_ground |= is_ground && !is_nothing(&value);
        self.kept.push((name == "color", format!("{name}:{value}")));
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

/// Whether the value of a background leaves what is below to be seen.
fn is_nothing(value: &str) -> bool {
    let value = value.trim_end_matches("!important");
    matches!(
        value,
        "none" | "transparent" | "inherit" | "initial" | "unset" | "revert"
    )
}

/// Whether a declaration could make a browser load a picture that another rule names.
fn makes_appear(name: &str, value: &str) -> bool {
    let wide = ["inherit", "initial", "unset", "revert"];
    let is_of_another = wide.iter().any(|word| value.contains(word));
    name == "display" || (name.starts_with("background") && is_of_another)
}
