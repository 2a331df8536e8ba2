//! Single requests to a kernel.

use thiserror::Error;

use crate::diag::{Bytes, Diagnostic, KernelFault, RefusedRequest};
use crate::errno::Errno;
use crate::kernel::{AuditKernel, KernelError};
use crate::rule::{Field, Request, TextId};
use crate::span::Span;

/// A kernel that requests from the text of rules are sent to.
pub struct Session<'k> {
    kernel: &'k mut dyn AuditKernel,
}

/// The reason why a request was not carried out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The kernel refused it.
    Refused(Diagnostic),
    /// The kernel does not answer.
    NoAnswer(KernelError),
}

/// The reason why rules could not be deleted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeleteError {
    /// The kernel does not list its rules.
    #[error(transparent)]
    Listing(KernelError),
    /// The kernel refused to delete a rule.
    #[error("the kernel refuses to delete a rule ({0})")]
    Deleting(Errno),
}

/// Deletes the rules whose keys contain `key`, all of them if it is empty, one by one. The rules before a
/// refused one stay deleted.
///
/// # Errors
/// [`DeleteError`] for the first failure.
pub fn delete_all(kernel: &mut dyn AuditKernel, key: &[u8]) -> Result<(), DeleteError> {
    let rules = kernel.rules().map_err(DeleteError::Listing)?;
    for rule in rules.into_iter().filter(|rule| rule.has_key_containing(key)) {
        kernel.send_one(&Request::Delete(rule)).map_err(DeleteError::Deleting)?;
    }
    Ok(())
}

impl<'k> Session<'k> {
    /// Creates a session with `kernel`.
    pub fn new(kernel: &'k mut dyn AuditKernel) -> Self {
        Session { kernel }
    }

    /// Returns the kernel.
    pub fn kernel(&mut self) -> &mut dyn AuditKernel {
        self.kernel
    }

    /// Sends the request that is at `span`; returns the old count for a reset, else 0.
    ///
    /// # Errors
    /// [`Failure::Refused`], also where the kernel does not answer.
    pub fn send(&mut self, request: &Request, span: Span) -> Result<u32, Failure> {
        self.kernel
            .send_one(request)
            .map_err(|errno| Failure::Refused(refusal(request, errno, span)))
    }

    /// Sends requests together, each with its place; returns the answers.
    ///
    /// # Errors
    /// [`KernelError`] if an answer is unknown.
    pub(super) fn send_together(
        &mut self,
        batch: &[(&Request, Span)],
    ) -> Result<Vec<Result<u32, Diagnostic>>, KernelError> {
        let requests: Vec<&Request> = batch.iter().map(|(request, _)| *request).collect();
        let answers = self.kernel.send(&requests)?;
        let answered = batch.iter().zip(answers);
        Ok(answered
            .map(|((request, span), answer)| answer.map_err(|errno| refusal(request, errno, *span)))
            .collect())
    }

    /// Deletes the rules whose keys contain `key`, all of them if it is empty, for the `-D` at `span`. A rule that is
    /// gone when its turn comes is no failure: the kernel drops rules whose paths are removed. A rule that the kernel
    /// calls absent and still lists is one.
    ///
    /// # Errors
    /// [`Failure`] for the first failure.
    pub fn delete_all(&mut self, key: &[u8], span: Span) -> Result<(), Failure> {
        let rules = self.kernel.rules().map_err(Failure::NoAnswer)?;
        let mut absent = Vec::new();
        for rule in rules.into_iter().filter(|rule| rule.has_key_containing(key)) {
            let request = Request::Delete(rule);
            let answers = self.kernel.send(&[&request]).map_err(Failure::NoAnswer)?;
            match answers.into_iter().find_map(Result::err) {
                None => {}
                Some(Errno::ENOENT) => absent.push(request),
                Some(errno) => return Err(Failure::Refused(refusal(&request, errno, span))),
            }
        }
        if absent.is_empty() {
            return Ok(());
        }
        let left = self.kernel.rules().map_err(Failure::NoAnswer)?;
        let is_left =
            |request: &&Request| matches!(request, Request::Delete(rule) if left.contains(rule));
        match absent.iter().find(is_left) {
            Some(request) => Err(Failure::Refused(refusal(request, Errno::ENOENT, span))),
            None => Ok(()),
        }
    }
}

/// Returns the kernel's refusal as a fault of the request at `span`.
fn refusal(request: &Request, errno: Errno, span: Span) -> Diagnostic {
    Diagnostic::new(refusal_of(request, errno), span)
}

/// Returns the kernel's refusal of a request.
pub(super) fn refusal_of(request: &Request, errno: Errno) -> KernelFault {
    let path = match request {
        Request::Add(rule) | Request::Delete(rule) => {
            rule.fields.iter().find_map(|field| match field {
                Field::Text { id, text, .. } if *id != TextId::KEY => Some(Bytes::clone(text)),
                _ => None,
            })
        }
        Request::Control(_) => None,
    };
    let request = match request {
        Request::Add(_) => RefusedRequest::Add,
        Request::Delete(_) => RefusedRequest::Delete,
        Request::Control(_) => RefusedRequest::Control,
    };
    KernelFault::Refused { errno, request, path }
}
