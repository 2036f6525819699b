//! Saying what an operation answers.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;

use super::answer::{Answer, Ending};
use super::documents::{Content, Documents, DocumentsDefault, DocumentsRange, Exemplified};
use super::script::{Script, documented};
use super::{Gate, Received, Route, Server};
use crate::DecodeError;

/// What an operation `O` answers, and what it was asked.
///
/// Each `answers` adds an answer. It is given once, or as many [`times`](Self::times) as is said; the last one is given again
/// and again. [`header`](Self::header), [`times`](Self::times), [`after`](Self::after) and [`breaking_off`](Self::breaking_off)
/// are about the answer said just before them; with none before them, they add the document's example.
pub struct Stub<'s, O> {
    server: &'s Server,
    index: usize,
    /// Whether an answer was said.
    said: bool,
    operation: PhantomData<fn() -> O>,
}

impl<'s, O> Stub<'s, O> {
    /// The stub of the operation at this place of the server's routes. Called by generated code.
    #[must_use]
    pub fn new(server: &'s Server, index: usize) -> Self {
        Self { server, index, said: false, operation: PhantomData }
    }

    fn push(self, answer: Answer) -> Self {
        self.server.script(self.index, |script, _| script.push(answer));
        Self { said: true, ..self }
    }

    /// Changes the answer that was said last, which is the document's when none was.
    fn change(self, change: impl FnOnce(&mut Script)) -> Self {
        self.server.script(self.index, |script, route| {
            if !self.said {
                script.push(documented(route));
            }
            change(script);
        });
        Self { said: true, ..self }
    }

    /// Answers a documented status with a body of its type: `()` where it has none, bytes where it is not JSON.
    pub fn answers<const STATUS: u16>(self, body: &<O::Content as Content>::Value) -> Self
    where
        O: Documents<STATUS>,
    {
        self.push(Answer::new(STATUS, O::MEDIA_TYPE, O::Content::write(body)))
    }

    /// Answers a status of a documented range (`4` is `4XX`) with a body of its type. A status that is not of the range is
    /// answered `501`.
    pub fn answers_range<const HUNDREDS: u16>(self, status: u16, body: &<O::Content as Content>::Value) -> Self
    where
        O: DocumentsRange<HUNDREDS>,
    {
        let body = match status / 100 == HUNDREDS {
            true => O::Content::write(body),
            false => Err(format!("{status} is not of {HUNDREDS}XX")),
        };
        self.push(Answer::new(status, O::MEDIA_TYPE, body))
    }

    /// Answers any status with a body of the type of the document's `default` response.
    pub fn answers_default(self, status: u16, body: &<O::Content as Content>::Value) -> Self
    where
        O: DocumentsDefault,
    {
        self.push(Answer::new(status, O::MEDIA_TYPE, O::Content::write(body)))
    }

    /// Answers anything, whether the document knows it or not: the page of a gateway, JSON that breaks the contract.
    pub fn answers_bytes(self, status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.push(Answer::new(status, Some(media_type), Ok(body.into())))
    }

    /// Answers a status, and no body.
    pub fn answers_status(self, status: u16) -> Self {
        self.push(Answer::new(status, None, Ok(Bytes::new())))
    }

    /// Reads the request, and closes the connection without a word.
    pub fn hangs_up(self) -> Self {
        self.push(Answer::hang_up())
    }

    /// Gives the answer this often, and then what follows; without anything that follows, the document's example.
    pub fn times(self, times: u32) -> Self {
        self.change(|script| script.limit_last(times))
    }

    /// Adds a header to the answer, such as `retry-after`.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|script| script.change_last(|answer| answer.with_header(name, value)))
    }

    /// Gives the answer when the gate is open.
    pub fn after(self, gate: &Gate) -> Self {
        let gate = Some(gate.clone());
        self.change(|script| script.change_last(|answer| Answer { gate, ..answer }))
    }

    /// Closes the connection in the middle of the answer's body.
    pub fn breaking_off(self) -> Self {
        let ending = Ending::BrokenOff;
        self.change(|script| script.change_last(|answer| Answer { ending, ..answer }))
    }

    /// Expects so many requests in all, for [`Server::verify`].
    pub fn expect(self, requests: usize) -> Self {
        self.server.script(self.index, |script, _| script.expected = Some(requests));
        self
    }

    /// The requests so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.server.requests_of(self.index)
    }

    /// The body of the success that the document shows, to be changed and answered.
    ///
    /// # Errors
    /// The document shows what its own schema does not allow.
    pub fn example(&self) -> Result<<O::Content as Content>::Read, DecodeError>
    where
        O: Exemplified,
    {
        let example = self.server.route(self.index).and_then(|route| route.example);
        O::Content::read(example.map_or("", |example| example.body).as_bytes())
    }
}

impl<O> fmt::Debug for Stub<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.server.route(self.index).map(Route::words);
        f.debug_struct("Stub").field("operation", &operation).finish_non_exhaustive()
    }
}
