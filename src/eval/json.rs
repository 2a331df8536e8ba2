//! Events and files in JSON.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::event::Event;
use super::files::Files;
use super::notation::{Problem, Reader, Value};

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
        let event = EventSeed(self).deserialize(&mut json)?;
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

struct EventSeed(Reader);

impl<'de> DeserializeSeed<'de> for EventSeed {
    type Value = Event;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Event, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EventSeed {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event: a table of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rows: A) -> Result<Event, A::Error> {
        let mut event = Event::default();
        while let Some(Key(attribute)) = rows.next_key::<Key<'de>>()? {
            let setting = Setting { reader: self.0, event: &mut event, attribute: &attribute };
            rows.next_value_seed(setting)?.map_err(A::Error::custom)?;
        }
        self.0.finish(&event).map_err(A::Error::custom)?;
        Ok(event)
    }
}

/// Sets an attribute to the value that is read. Simple values, which are most, are not copied before.
struct Setting<'s> {
    reader: Reader,
    event: &'s mut Event,
    attribute: &'s str,
}

impl Setting<'_> {
    fn set(self, value: &Value<'_>) -> Result<(), Problem> {
        self.reader.set(self.event, self.attribute, value)
    }
}

impl<'de> DeserializeSeed<'de> for Setting<'_> {
    type Value = Result<(), Problem>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Setting<'_> {
    type Value = Result<(), Problem>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ValueVisitor.expecting(f)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.set(&Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(self.set(&Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.set(&Value::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.set(&Value::Number(value.into())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.set(&Value::text(text.as_bytes())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        Ok(self.set(&ValueVisitor.visit_seq(elements)?))
    }

    fn visit_map<A: MapAccess<'de>>(self, rows: A) -> Result<Self::Value, A::Error> {
        Ok(self.set(&ValueVisitor.visit_map(rows)?))
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
