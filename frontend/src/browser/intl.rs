//! Numbers and times as the person's language writes them, by the browser's own `Intl`.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::logic::row::DateStyle;

thread_local! {
    // Making a formatter is a hundred times slower than using it.
    static FORMATTERS: Formatters = Formatters::new();
}

struct Formatters {
    number: Function,
    time: Function,
    weekday: Function,
    day: Function,
    date: Function,
    full: Function,
}

impl Formatters {
    fn new() -> Self {
        let locale = Array::new();
        let dates = |options: &[(&str, &str)]| {
            Intl::DateTimeFormat::new(&locale, &object(options)).format()
        };
        Self {
            number: Intl::NumberFormat::new(&locale, &Object::new()).format(),
            time: dates(&[("hour", "2-digit"), ("minute", "2-digit")]),
            weekday: dates(&[("weekday", "short")]),
            day: dates(&[("day", "numeric"), ("month", "short")]),
            date: dates(&[("year", "numeric"), ("month", "short"), ("day", "numeric")]),
            full: dates(&[("dateStyle", "full"), ("timeStyle", "short")]),
        }
    }
}

/// A number with its separators.
#[must_use]
pub fn number(number: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let value = JsValue::from_f64(number as f64);
    FORMATTERS.with(|formatters| call(&formatters.number, &value))
}

/// `text` in lower case, whatever its script.
#[must_use]
pub fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// A time of a row, in the form that `style` says.
#[must_use]
pub fn row_date(at: i64, style: DateStyle) -> String {
    FORMATTERS.with(|formatters| {
        let format = match style {
            DateStyle::Time => &formatters.time,
            DateStyle::Weekday => &formatters.weekday,
            DateStyle::Day => &formatters.day,
            DateStyle::Date => &formatters.date,
        };
        call(format, &date(at))
    })
}

/// A time with everything in it.
#[must_use]
pub fn full_date(at: i64) -> String {
    FORMATTERS.with(|formatters| call(&formatters.full, &date(at)))
}

/// Days since the Unix epoch, by the clock on the wall where the person is, and the year there.
#[must_use]
pub fn local_day(at: i64) -> (i64, i32) {
    let date = Date::new(&JsValue::from_f64(milliseconds(at)));
    let minutes = date.get_timezone_offset() as i64;
    let year = i32::try_from(date.get_full_year()).unwrap_or(0);
    ((at - minutes * 60).div_euclid(86_400), year)
}

/// A time as `<time datetime>` wants it; empty if it is no time.
#[must_use]
pub fn machine_date(at: i64) -> String {
    let date = Date::new(&JsValue::from_f64(milliseconds(at)));
    if date.get_time().is_nan() {
        return String::new();
    }
    date.to_iso_string().into()
}

fn date(at: i64) -> JsValue {
    JsValue::from_f64(milliseconds(at))
}

/// Kept within what a browser takes as a date: a sender's clock may say anything.
fn milliseconds(at: i64) -> f64 {
    const FURTHEST: i64 = 8_640_000_000_000;
    (at.clamp(-FURTHEST, FURTHEST) * 1000) as f64
}

fn call(format: &Function, value: &JsValue) -> String {
    format
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // A fresh object takes any property.
        let _ = Reflect::set(
            object.unchecked_ref(),
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    }
    object
}
