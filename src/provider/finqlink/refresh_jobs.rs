//! Refresh jobs of FinqLink.

use obkit_finqlink::types as finqlink;

use super::client::{FinqLink, consent_id};
use crate::domain::{Coded, ConsentReference, RefreshJob, RefreshJobStatus, Source};
use crate::provider::{RefreshJobs, Reply};

impl RefreshJobs for FinqLink {
    fn refresh<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, RefreshJob> {
        Box::pin(async move {
            let mut body = finqlink::CreateDataRefreshJobRequest::new(self.client_id()?, consent_id(&consent.id)?);
            body.client_secret = self.client_secret.clone();
            Ok(job(&*self.api().create_data_refresh_job().body(body).send().await?))
        })
    }

    fn refresh_job<'a>(&'a self, id: &'a str) -> Reply<'a, RefreshJob> {
        Box::pin(async move {
            let mut body = finqlink::GetDataRefreshJobRequest::new(self.client_id()?, id);
            body.client_secret = self.client_secret.clone();
            Ok(job(&*self.api().get_data_refresh_job().body(body).send().await?))
        })
    }
}

/// The state of a job.
#[must_use]
pub fn job(source: &finqlink::DataRefreshJob) -> RefreshJob {
    let code = match source.status {
        finqlink::JobStatus::JobStarted => Some(RefreshJobStatus::Started),
        finqlink::JobStatus::JobCompleted => Some(RefreshJobStatus::Completed),
        _ => None,
    };
    RefreshJob {
        id: source.job_id.clone(),
        consent_id: source.consent_id.as_ref().map(|id| id.as_str().to_owned()),
        status: Coded::new(code, source.status.as_str()),
        source: Source::of(source.clone()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_state_has_a_meaning() {
        let table = [("job_started", RefreshJobStatus::Started), ("job_completed", RefreshJobStatus::Completed)];
        assert_eq!(table.map(|(word, _)| word), finqlink::JobStatus::VALUES);
        for (word, meaning) in table {
            let answer = serde_json::json!({ "job_id": "j", "status": word });
            assert_eq!(job(&serde_json::from_value(answer).unwrap()).status.code, Some(meaning));
        }
    }
}
