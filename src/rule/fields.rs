//! The conditions of a rule.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Field;

/// The conditions of a rule, in the order in which the kernel tests them. Copies of a rule share them until one is
/// changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fields(Arc<Vec<Field>>);

impl Deref for Fields {
    type Target = Vec<Field>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Fields {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl From<Vec<Field>> for Fields {
    fn from(fields: Vec<Field>) -> Self {
        Fields(Arc::new(fields))
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        fields.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'f> IntoIterator for &'f Fields {
    type Item = &'f Field;
    type IntoIter = std::slice::Iter<'f, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'f> IntoIterator for &'f mut Fields {
    type Item = &'f mut Field;
    type IntoIter = std::slice::IterMut<'f, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
