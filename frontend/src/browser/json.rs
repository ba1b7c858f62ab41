//! Reads JSON with the browser's own parser, and hands Serde what that found. Numbers are whole ones:
//! nothing on the wire is a fraction. Not for values of more than 2^53.

use js_sys::{Array, JSON, Object};
use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor},
    forward_to_deserialize_any,
};
use wasm_bindgen::{JsCast, JsValue};

/// Reads the value that `text` holds.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let value = JSON::parse(text).map_err(|_| Unreadable("no JSON"))?;
    T::deserialize(Value(value))
}

/// A text that is no JSON, or not the JSON that was wanted: what is wrong, or the name of the field that
/// is missing. Rust's numbers and types are not put into words, since that takes as much room as the
/// reading does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self("a value out of its bounds")
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self("a value of another kind")
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self("a value out of its bounds")
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self("a list of another length")
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self("a value of another version")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self("a field of another version")
    }

    fn missing_field(field: &'static str) -> Self {
        Self(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self(field)
    }
}

const OTHER_KIND: Unreadable = Unreadable("a value of another kind");

/// A value as the browser parsed it.
struct Value(JsValue);

impl Value {
    fn text(&self) -> Result<String, Unreadable> {
        self.0.as_string().ok_or(OTHER_KIND)
    }

    fn whole_number(&self) -> Result<i64, Unreadable> {
        let number = self.0.as_f64().ok_or(OTHER_KIND)?;
        let whole = number as i64;
        // Comparing back finds fractions; what JavaScript counts exactly, both types hold.
        #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "see above")]
        let is_whole = whole as f64 == number;
        if is_whole { Ok(whole) } else { Err(OTHER_KIND) }
    }

    fn items(&self) -> Result<Items, Unreadable> {
        let array = self.0.dyn_ref::<Array>().ok_or(OTHER_KIND)?;
        Ok(Items {
            array: array.clone(),
            next: 0,
        })
    }

    fn fields(&self) -> Result<Fields, Unreadable> {
        let object = self.0.dyn_ref::<Object>().ok_or(OTHER_KIND)?;
        Ok(Fields {
            entries: Object::entries(object),
            next: 0,
            value: JsValue::UNDEFINED,
        })
    }
}

/// A method for each kind of value that is wanted, each of which takes only that kind.
macro_rules! wanted {
    ($($method:ident => $value:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(self.$value()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(truth) = self.0.as_bool() {
            visitor.visit_bool(truth)
        } else if self.0.is_null() {
            visitor.visit_unit()
        } else if let Ok(items) = self.items() {
            visitor.visit_seq(items)
        } else if let Ok(fields) = self.fields() {
            visitor.visit_map(fields)
        } else {
            visitor.visit_i64(self.whole_number()?)
        }
    }

    wanted! {
        deserialize_str => text visit_string
        deserialize_string => text visit_string
        deserialize_identifier => text visit_string
        deserialize_i8 => whole_number visit_i64
        deserialize_i16 => whole_number visit_i64
        deserialize_i32 => whole_number visit_i64
        deserialize_i64 => whole_number visit_i64
        deserialize_u8 => whole_number visit_i64
        deserialize_u16 => whole_number visit_i64
        deserialize_u32 => whole_number visit_i64
        deserialize_u64 => whole_number visit_i64
        deserialize_seq => items visit_seq
        deserialize_map => fields visit_map
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(OTHER_KIND)?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() {
            visitor.visit_unit()
        } else {
            Err(OTHER_KIND)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.fields()?)
    }

    /// Variants without content only: those with content name themselves in a field of theirs.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit_struct tuple tuple_struct
    }
}

/// The items of an array.
struct Items {
    array: Array,
    next: u32,
}

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        if self.next == self.array.length() {
            return Ok(None);
        }
        let item = self.array.get(self.next);
        self.next += 1;
        seed.deserialize(Value(item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        usize::try_from(self.array.length() - self.next).ok()
    }
}

/// The fields of an object.
struct Fields {
    /// Pairs of name and value.
    entries: Array,
    next: u32,
    /// The value of the name that was read last.
    value: JsValue,
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        if self.next == self.entries.length() {
            return Ok(None);
        }
        let entry: Array = self.entries.get(self.next).unchecked_into();
        self.next += 1;
        self.value = entry.get(1);
        seed.deserialize(Value(entry.get(0))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Unreadable> {
        seed.deserialize(Value(std::mem::take(&mut self.value)))
    }
}
