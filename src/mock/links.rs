//! Payment links, and jobs that fetch data anew.

use super::InMemory;
use super::call::Call;
use super::codes::not_found;
use super::page::page;
use super::state::State;
use crate::domain::{
    Coded, ConsentReference, Page, Party, PaymentLink, PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus,
    RefreshJob, RefreshJobStatus,
};
use crate::error::Error;
use crate::provider::request::payable;
use crate::provider::{Capability, PaymentLinks, RefreshJobs, Reply};

impl State {
    fn create_link(&mut self, request: &PaymentLinkRequest) -> Result<PaymentLink, Error> {
        if let Some(institution) = &request.institution_id {
            self.check_institution(institution)?;
        }
        let id = self.fresh_id("link");
        let mut link = PaymentLink::new(id.clone())
            .url(format!("https://pay.invalid/{id}"))
            .status(PaymentLinkStatus::Created)
            .amount(request.amount)
            .creditor(request.creditor.clone())
            .created_at(self.now);
        link.debtor = request.debtor.clone().map(Party::from);
        link.reference = request.reference.clone();
        link.expires_at = request.expires_at;
        self.links.push(link);
        self.shown_link(&id)
    }

    /// A link as it is now.
    fn shown_link(&self, id: &str) -> Result<PaymentLink, Error> {
        let link = self.links.iter().find(|link| link.id == id).ok_or_else(not_found)?;
        let is_expired = link.expires_at.map(|end| end <= self.now);
        Ok(PaymentLink { is_expired, ..link.clone() })
    }
}

impl PaymentLinks for InMemory {
    fn create_link<'a>(&'a self, link: &'a PaymentLinkRequest) -> Reply<'a, PaymentLink> {
        let call = Call::new(Capability::PaymentLinks, "create_link").asking(link);
        Box::pin(async move {
            payable(&link.amount)?;
            self.answer(call, |state| state.create_link(link)).await
        })
    }

    fn link<'a>(&'a self, id: &'a str) -> Reply<'a, PaymentLink> {
        let call = Call::new(Capability::PaymentLinks, "link").about(id);
        self.answer(call, move |state| {
            let link = state.shown_link(id)?;
            state.read_on(id);
            Ok(link)
        })
    }

    fn links<'a>(&'a self, query: &'a PaymentLinkQuery) -> Reply<'a, Page<PaymentLink>> {
        let call = Call::new(Capability::PaymentLinks, "links").asking(query);
        self.answer(call, move |state| {
            let covered = |link: &&PaymentLink| {
                let status = link.status.as_ref().and_then(Coded::code);
                query.filter.status.is_none_or(|wanted| status == Some(wanted))
                    && query.from.is_none_or(|from| link.created_at.is_none_or(|at| from <= at))
                    && query.to.is_none_or(|to| link.created_at.is_none_or(|at| at <= to))
            };
            let ids: Vec<_> = state.links.iter().filter(covered).map(|link| link.id.clone()).collect();
            let all: Result<Vec<_>, _> = ids.iter().map(|id| state.shown_link(id)).collect();
            page(all?, (query.filter.status, query.from, query.to), query.page_size, query.cursor.as_ref())
        })
    }
}

impl RefreshJobs for InMemory {
    fn refresh<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, RefreshJob> {
        let call = Call::new(Capability::RefreshJobs, "refresh").under(consent);
        self.answer(call, move |state| {
            state.view(consent)?;
            let mut job = RefreshJob::new(state.fresh_id("job"), RefreshJobStatus::Started);
            job.consent_id = Some(consent.id.clone()).filter(|id| !id.is_empty());
            state.jobs.push(job.clone());
            Ok(job)
        })
    }

    fn refresh_job<'a>(&'a self, id: &'a str) -> Reply<'a, RefreshJob> {
        let call = Call::new(Capability::RefreshJobs, "refresh_job").about(id);
        self.answer(call, move |state| {
            let job = state.jobs.iter().find(|job| job.id == id).cloned().ok_or_else(not_found)?;
            state.read_on(id);
            Ok(job)
        })
    }
}
