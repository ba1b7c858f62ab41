//! Colours for the dark. Each of the sender's is written as `light-dark(<as sent>,<turned>)`, by what it is for. It
//! knows one colour at a time, never what lies on what; so the two curves below are such that whatever could be read
//! as sent can be read in the dark.

use csscolorparser::Color;
use cssparser::color::parse_named_color;

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Letters are on it. Light ones become dark; white becomes the ground of the app.
    Ground,
    /// It is letters. Dark ones become light; black becomes the ink of the app.
    Ink,
    /// It is between grounds. Light ones become dark, dark greys light.
    Line,
}

/// What the colours of the property with this lower-case name are for; `None`: they stay, as those of shadows.
pub(super) fn of(property: &str) -> Option<Use> {
    match property {
        "color" | "text-decoration" | "text-decoration-color" => Some(Use::Ink),
        name if name.starts_with("background") => Some(Use::Ground),
        name if name.starts_with("border") => Some(Use::Line),
        _ => None,
    }
}

/// A colour as CSS has it, with what it is in the dark; `None`: it is no colour, or the same.
pub(super) fn turned(written: &str, for_use: Use) -> Option<String> {
    let sent = read(written)?;
    let color = match for_use {
        Use::Ground => ground(&sent),
        Use::Ink => ink(&sent),
        Use::Line => line(&sent),
    }?;
    (color.to_rgba8() != sent.to_rgba8())
        .then(|| format!("light-dark({written},{})", color.to_css_hex()))
}

/// Whether a colour is one that can be turned.
pub(super) fn is_read(written: &str) -> bool {
    csscolorparser::parse(written).is_ok()
}

fn read(written: &str) -> Option<Color> {
    if let Ok((red, green, blue)) = parse_named_color(written) {
        return Some(Color::from_rgba8(red, green, blue, u8::MAX));
    }
    let is_color = ["#", "rgb", "hsl", "hwb", "lab(", "lch(", "okl", "color("]
        .iter()
        .any(|start| written.starts_with(start));
    let color = csscolorparser::parse(written).ok().filter(|_| is_color)?;
    let is_seen = color.a > 0.0 && color.to_array().iter().all(|channel| channel.is_finite());
    is_seen.then(|| color.clamp())
}

/// White in the dark, as `background` of the app.
const GROUND: Tone = Tone {
    luminance: 0.0114,
    tint: [-0.0101, -0.0070],
};
/// Black in the dark, as `color` of the app.
const INK: Tone = Tone {
    luminance: 0.8191,
    tint: [-0.0072, -0.0022],
};

struct Tone {
    /// Relative luminance (WCAG 2.2), from 0 to 1.
    luminance: f32,
    /// The two axes of colour in `OKLab`.
    tint: [f32; 2],
}

/// What WCAG 2.2 adds to both luminances of a contrast.
const FLARE: f32 = 0.05;
/// How much of a contrast is left when both its colours are mirrored, as a power of it. With any larger one, 4.5 to 1
/// would become less.
const KEPT: f32 = 0.73;
/// Colours of less chroma (OKLCH) are as dark as greys, and of more than the second full of colour.
const PALE: f32 = 0.02;
const FULL: f32 = 0.12;
/// Chroma of which a hue is seen.
const HUED: f32 = 0.015;

/// A light ground becomes dark. Greys keep their order, so that a white card still lies above its page; full colours
/// become only as dark as their letters need.
fn ground(sent: &Color) -> Option<Color> {
    let luminance = luminance(sent);
    let most = mirrored(luminance, 1.0, GROUND.luminance);
    if most >= luminance {
        return None;
    }
    let fullness = fullness(sent);
    let grey = GROUND.luminance * luminance.powi(4);
    Some(in_tone(sent, grey + (most - grey) * fullness, &GROUND))
}

/// Dark letters become light.
fn ink(sent: &Color) -> Option<Color> {
    let luminance = luminance(sent);
    let least = mirrored(luminance, 0.0, INK.luminance);
    (least > luminance).then(|| in_tone(sent, least, &INK))
}

/// A light line becomes dark, the lighter the darker, so that it is seen on what was white. A dark one becomes light,
/// but for full colours: those are often the edges of a button.
fn line(sent: &Color) -> Option<Color> {
    let luminance = luminance(sent);
    let most = mirrored(luminance, 1.0, GROUND.luminance);
    if most < luminance {
        return Some(in_tone(sent, most, &GROUND));
    }
    let is_grey = fullness(sent) < 0.4;
    is_grey.then(|| ink(sent)).flatten()
}

/// The luminance on the other side, such that `from` becomes `to`.
fn mirrored(luminance: f32, from: f32, to: f32) -> f32 {
    (to + FLARE) * ((luminance + FLARE) / (from + FLARE)).powf(-KEPT) - FLARE
}

/// From 0 for greys to 1 for full colours.
fn fullness(color: &Color) -> f32 {
    ((chroma(color) - PALE) / (FULL - PALE)).clamp(0.0, 1.0)
}

fn chroma(color: &Color) -> f32 {
    let [_, chroma, ..] = color.to_oklcha();
    chroma
}

fn luminance(color: &Color) -> f32 {
    luminance_of(&color.to_linear_rgba())
}

fn luminance_of([red, green, blue, _]: &[f32; 4]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The colour of the same hue and of this luminance, with as much of its chroma as a screen has; greys take the tint
/// of the tone.
fn in_tone(sent: &Color, luminance: f32, tone: &Tone) -> Color {
    let [_, own_a, own_b, alpha] = sent.to_oklaba();
    let tint = 1.0 - (chroma(sent) / HUED).min(1.0);
    let [tone_a, tone_b] = tone.tint.map(|axis| axis * tint);
    let (mut least, mut most) = (0.0, 1.0);
    let mut best = Color::from_linear_rgba(luminance, luminance, luminance, alpha);
    for round in 0..ROUNDS {
        let share = if round == 0 {
            1.0
        } else {
            (least + most) / 2.0
        };
        let (a, b) = ((own_a + tone_a) * share, (own_b + tone_b) * share);
        match at(luminance, a, b, alpha) {
            Some(color) if round == 0 => return color,
            Some(color) => (best, least) = (color, share),
            None => most = share,
        }
    }
    best
}

/// How often the chroma is halved in search of the most that a screen has.
const ROUNDS: usize = 7;

/// The colour at this place of `OKLab`, made as light as it is to be; `None`: no screen has it.
fn at(luminance: f32, a: f32, b: f32, alpha: f32) -> Option<Color> {
    let near = Color::from_oklaba(luminance.cbrt(), a, b, alpha).to_linear_rgba();
    let times = luminance / luminance_of(&near).max(f32::EPSILON);
    let [red, green, blue, _] = near.map(|channel| channel * times);
    let is_on_screen = [red, green, blue]
        .iter()
        .all(|channel| (-0.001..=1.001).contains(channel));
    is_on_screen.then(|| Color::from_linear_rgba(red, green, blue, alpha).clamp())
}

#[cfg(test)]
mod tests;
