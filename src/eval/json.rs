//! Events and files in JSON.
//!
//! Attributes are set while the text is read: a text without escapes is not copied before.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::attribute::Attribute;
use super::event::{Event, Name};
use super::files::Files;
use super::notation::{Problem, Reader, Value, attribute_of_event, attribute_of_name, set_name};

impl Reader {
    /// Reads an event from JSON: a table of attributes.
    ///
    /// # Errors
    /// If the text is no JSON, or an attribute is wrong. The error has the line and the column.
    pub fn read_json(self, text: &[u8]) -> serde_json::Result<Event> {
        // A text that is checked as a whole is read faster.
        match std::str::from_utf8(text) {
            Ok(text) => self.read_to_end(serde_json::Deserializer::from_str(text)),
            Err(_) => self.read_to_end(serde_json::Deserializer::from_slice(text)),
        }
    }

    fn read_to_end<'de, R: serde_json::de::Read<'de>>(
        self,
        mut json: serde_json::Deserializer<R>,
    ) -> serde_json::Result<Event> {
        let mut event = Event::default();
        EventSeed { reader: self, event: &mut event }.deserialize(&mut json)?;
        json.end()?;
        Ok(event)
    }

    /// Reads the files of a machine from JSON: a list of tables.
    ///
    /// # Errors
    /// If the text is no JSON, or an attribute is wrong.
    pub fn read_files(self, text: &[u8]) -> serde_json::Result<Files> {
        let value: Value<'_> = serde_json::from_slice(text)?;
        let mut event = Event::default();
        self.set(&mut event, "files", &value).map_err(serde_json::Error::custom)?;
        Ok(event.files)
    }
}

/// Sets the attributes of an event.
struct EventSeed<'e> {
    reader: Reader,
    event: &'e mut Event,
}

impl<'de> DeserializeSeed<'de> for EventSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EventSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event: a table of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let EventSeed { reader, event } = self;
        while let Some(attribute) = rows.next_key_seed(AttributeSeed(attribute_of_event))? {
            match known(&mut rows, attribute)? {
                Attribute::Names => {
                    if let Some(names) = rows.next_value_seed(NamesSeed)? {
                        event.names = Some(names);
                    }
                }
                attribute => rows.next_value_seed(Setting(|value: &Value<'_>| {
                    reader.set_known(event, attribute, value)
                }))?,
            }
        }
        reader.finish(event).map_err(A::Error::custom)
    }
}

/// Returns the attribute.
///
/// # Errors
/// If there is none of this name. The place of the mistake is after the value.
#[inline]
fn known<'de, A: MapAccess<'de>>(rows: &mut A, attribute: Named) -> Result<Attribute, A::Error> {
    match attribute {
        Ok(attribute) => Ok(attribute),
        Err(problem) => {
            rows.next_value::<IgnoredAny>()?;
            Err(A::Error::custom(problem))
        }
    }
}

/// The names of a call: `None` for `null`.
struct NamesSeed;

impl<'de> DeserializeSeed<'de> for NamesSeed {
    type Value = Option<Vec<Name>>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NamesSeed {
    type Value = Option<Vec<Name>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = elements.next_element_seed(NameSeed)? {
            names.push(name);
        }
        Ok(Some(names))
    }

    fn visit_map<A: MapAccess<'de>>(self, rows: A) -> Result<Self::Value, A::Error> {
        Ok(Some(vec![NameSeed.visit_map(rows)?]))
    }
}

/// A name of a call.
struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Name, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name: a table of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rows: A) -> Result<Name, A::Error> {
        let mut name = Name::default();
        while let Some(attribute) = rows.next_key_seed(AttributeSeed(attribute_of_name))? {
            let attribute = known(&mut rows, attribute)?;
            rows.next_value_seed(Setting(|value: &Value<'_>| {
                set_name(&mut name, attribute, value)
            }))?;
        }
        Ok(name)
    }
}

/// The attribute of a name, or why there is none.
type Named = Result<Attribute, Box<Problem>>;

/// Reads the name of an attribute, which the function knows.
struct AttributeSeed(fn(&str) -> Result<Attribute, Problem>);

impl<'de> DeserializeSeed<'de> for AttributeSeed {
    type Value = Named;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Named, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for AttributeSeed {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute")
    }

    fn visit_str<E>(self, name: &str) -> Result<Named, E> {
        Ok(self.0(name).map_err(Box::new))
    }
}

/// Passes a value to the function that sets an attribute to it.
struct Setting<F>(F);

impl<F: FnOnce(&Value<'_>) -> Result<(), Problem>> Setting<F> {
    fn set<E: Error>(self, value: &Value<'_>) -> Result<(), E> {
        self.0(value).map_err(E::custom)
    }
}

impl<'de, F: FnOnce(&Value<'_>) -> Result<(), Problem>> DeserializeSeed<'de> for Setting<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, F: FnOnce(&Value<'_>) -> Result<(), Problem>> Visitor<'de> for Setting<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ValueVisitor.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.set(&Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.set(&Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.set(&Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.set(&Value::Number(value.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.set(&Value::text(text.as_bytes()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<(), A::Error> {
        self.set(&ValueVisitor.visit_seq(elements)?)
    }

    fn visit_map<A: MapAccess<'de>>(self, rows: A) -> Result<(), A::Error> {
        self.set(&ValueVisitor.visit_map(rows)?)
    }
}

/// A key of a table, borrowed from the text if it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an attribute")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }

        json.deserialize_str(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of an attribute")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::text(text.as_bytes()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::text(text.as_bytes().to_vec()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rows: A) -> Result<Value<'de>, A::Error> {
        let mut table = Vec::new();
        while let Some((Key(attribute), value)) = rows.next_entry()? {
            table.push((attribute, value));
        }
        Ok(Value::Table(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;
    use crate::eval::{Attribute, Kind, NameInode, Outcome};

    fn read(text: &str) -> serde_json::Result<Event> {
        Reader::new(Arch::X86_64).read_json(text.as_bytes())
    }

    #[test]
    fn reads_every_kind_of_value() {
        let event = read(
            r#"{"arch": "b32", "syscall": 5, "a0": "0xffffffffffffff9c", "a1": -1, "exit": null, "auid": "unset",
                "groups": [4, 27], "saddr_fam": null, "at_entry": {"uid": 0},
                "names": [{"path": "/\u0065tc", "inode": 7, "dev": [8, 1], "mode": "40755", "nametype": "PARENT"},
                          {"inode": null}]}"#,
        )
        .unwrap();
        assert_eq!(event.call.arch, Some(Arch::I386));
        assert_eq!(event.call.args[..2], [Some(0xffff_ffff_ffff_ff9c), Some(u64::MAX)]);
        assert_eq!(event.call.outcome, Outcome::Never);
        assert_eq!(event.task.auid, Some(u32::MAX));
        assert_eq!(event.at_entry.ids.get(crate::catalog::field::UID), Some(0));
        let names = event.names.unwrap();
        assert_eq!(
            (names[0].path.as_deref(), names[0].mode),
            (Some(b"/etc".as_slice()), Some(0o40755))
        );
        assert_eq!(names[1].inode, NameInode::None);
        assert_eq!(
            read(r#"{"list":"io_uring","op":"openat"}"#).unwrap().kind,
            Kind::IoUring(Some(18))
        );
    }

    #[test]
    fn names_mistakes_with_their_place() {
        for (text, message) in [
            (
                r#"{"sycall": 1}"#,
                "an event has no attribute `sycall`; did you mean `syscall`? at line 1 column 13",
            ),
            (r#"{"uid": "root"}"#, "uid: `root` is not a number"),
            (r#"{"exit": "EACCES"}"#, "write `-EACCES`"),
            (r#"{"exit": 0, "success": false}"#, "a call that returns 0 succeeds"),
            (r#"{"names": [{"pat": "/"}]}"#, "a name has no attribute `pat`; did you mean `path`?"),
            (r#"{"files": [{"path": "etc"}]}"#, "`etc` is not an absolute path"),
            (r#"{"a0": 1.5}"#, "invalid type: floating point"),
            (r"[]", "expected an event"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_left_out_is_unknown() {
        let event = read(r#"{"syscall": "openat"}"#).unwrap();
        assert_eq!((event.call.arch, event.names, event.task.auid), (None, None, None));
        assert_eq!(Attribute::from_name("open_flags"), Some(Attribute::OpenFlags));
    }
}
