//! Which methods a capability has, and what each is called with.

use obkit::Unsupported;
use obkit::domain::{Consent, ConsentReference, MandateKind, PaymentLinkQuery, StatementQuery, TransactionQuery};
use obkit::provider::Capability;

use super::{Caller, subjects};

impl Caller<'_> {
    /// Calls each method of a capability.
    pub(super) async fn capability(&mut self, capability: Capability) -> Result<(), Unsupported> {
        match capability {
            Capability::Institutions => self.institutions().await,
            Capability::Consents => self.consents().await,
            Capability::Accounts => self.accounts().await,
            Capability::Transactions => self.transactions().await,
            Capability::Identities => self.identities().await,
            Capability::Payees => self.payees().await,
            Capability::StandingOrders => self.standing_orders().await,
            Capability::ScheduledPayments => self.scheduled_payments().await,
            Capability::DirectDebits => self.direct_debits().await,
            Capability::Statements => self.statements().await,
            Capability::Users => self.users().await,
            Capability::Payments => self.payments().await,
            Capability::BulkPayments => self.bulk_payments().await,
            Capability::Mandates => self.mandates().await,
            Capability::PaymentLinks => self.payment_links().await,
            Capability::RefreshJobs => self.refresh_jobs().await,
            Capability::Webhooks => self.webhooks().await,
            // One that is not listed here makes no call, which is a finding.
            _ => Ok(()),
        }
    }
}

/// Permission, and what it opens.
impl Caller<'_> {
    async fn institutions(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.institutions()?;
        let all = self.call(Capability::Institutions, "institutions", || api.institutions()).await;
        if let Some(first) = all.and_then(|all| all.into_iter().next()) {
            self.institution = first.id;
        }
        let id = self.institution.clone();
        self.call(Capability::Institutions, "institution", || api.institution(&id)).await;
        Ok(())
    }

    async fn consents(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.consents()?;
        let requests = subjects::consents(&self.institution);
        let created = self.first_of(Capability::Consents, "create", &requests, |request| api.create(request)).await;
        let id = created.as_ref().map_or_else(|| subjects::UNKNOWN.to_owned(), |consent| consent.id.clone());
        let read = self.call(Capability::Consents, "consent", || api.consent(&id)).await;
        self.access = access(read.or(created), id.clone());
        self.call(Capability::Consents, "delete", || api.delete(&id)).await;
        Ok(())
    }

    async fn users(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.users()?;
        let request = subjects::user();
        let found = self.call(Capability::Users, "find_or_create", || api.find_or_create(&request)).await;
        self.call(Capability::Users, "users", || api.users()).await;
        let id = found.map_or_else(|| subjects::UNKNOWN.to_owned(), |user| user.id);
        self.call(Capability::Users, "user", || api.user(&id)).await;
        self.call(Capability::Users, "delete", || api.delete(&id)).await;
        Ok(())
    }

    async fn refresh_jobs(&mut self) -> Result<(), Unsupported> {
        let (api, access) = (self.provider.refresh_jobs()?, self.access.clone());
        let job = self.call(Capability::RefreshJobs, "refresh", || api.refresh(&access)).await;
        let id = job.map_or_else(|| subjects::UNKNOWN.to_owned(), |job| job.id);
        self.call(Capability::RefreshJobs, "refresh_job", || api.refresh_job(&id)).await;
        Ok(())
    }
}

/// Reading under a consent.
impl Caller<'_> {
    async fn accounts(&mut self) -> Result<(), Unsupported> {
        let (api, access) = (self.provider.accounts()?, self.access.clone());
        let all = self.call(Capability::Accounts, "accounts", || api.accounts(&access)).await;
        if let Some(first) = all.and_then(|all| all.into_iter().next()) {
            self.account = first.id;
        }
        let account = self.account.clone();
        self.call(Capability::Accounts, "balances", || api.balances(&access, &account)).await;
        Ok(())
    }

    async fn transactions(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.transactions()?;
        let (access, account, query) = (self.access.clone(), self.account.clone(), TransactionQuery::default());
        self.call(Capability::Transactions, "page", || api.page(&access, &account, &query)).await;
        Ok(())
    }

    async fn statements(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.statements()?;
        let (access, account, query) = (self.access.clone(), self.account.clone(), StatementQuery::default());
        let page = self.call(Capability::Statements, "statements", || api.statements(&access, &account, &query)).await;
        let first = page.and_then(|page| page.items.into_iter().next());
        let id = first.map_or_else(|| subjects::UNKNOWN.to_owned(), |statement| statement.id);
        self.call(Capability::Statements, "statement", || api.statement(&access, &account, &id)).await;
        self.call(Capability::Statements, "file", || api.file(&access, &account, &id)).await;
        Ok(())
    }

    async fn identities(&mut self) -> Result<(), Unsupported> {
        let (api, access) = (self.provider.identities()?, self.access.clone());
        self.call(Capability::Identities, "identity", || api.identity(&access)).await;
        Ok(())
    }

    async fn payees(&mut self) -> Result<(), Unsupported> {
        let (api, access, account) = (self.provider.payees()?, self.access.clone(), self.account.clone());
        self.call(Capability::Payees, "payees", || api.payees(&access, &account)).await;
        Ok(())
    }

    async fn standing_orders(&mut self) -> Result<(), Unsupported> {
        let (api, access, account) = (self.provider.standing_orders()?, self.access.clone(), self.account.clone());
        self.call(Capability::StandingOrders, "standing_orders", || api.standing_orders(&access, &account)).await;
        Ok(())
    }

    async fn scheduled_payments(&mut self) -> Result<(), Unsupported> {
        let (api, access, account) = (self.provider.scheduled_payments()?, self.access.clone(), self.account.clone());
        self.call(Capability::ScheduledPayments, "scheduled_payments", || api.scheduled_payments(&access, &account))
            .await;
        Ok(())
    }

    async fn direct_debits(&mut self) -> Result<(), Unsupported> {
        let (api, access, account) = (self.provider.direct_debits()?, self.access.clone(), self.account.clone());
        self.call(Capability::DirectDebits, "direct_debits", || api.direct_debits(&access, &account)).await;
        Ok(())
    }
}

/// Paying.
impl Caller<'_> {
    async fn payments(&mut self) -> Result<(), Unsupported> {
        let (api, access, payer) = (self.provider.payments()?, self.access.clone(), subjects::payer(&self.institution));
        let payments = subjects::payments();
        self.first_of(Capability::Payments, "authorise", &payments, |payment| api.authorise(&payer, payment)).await;
        let made =
            self.first_of(Capability::Payments, "submit", &payments, |payment| api.submit(&access, payment)).await;
        let id = made.map_or_else(|| subjects::UNKNOWN.to_owned(), |payment| payment.id);
        self.call(Capability::Payments, "payment", || api.payment(&access, &id)).await;
        Ok(())
    }

    async fn bulk_payments(&mut self) -> Result<(), Unsupported> {
        let api = self.provider.bulk_payments()?;
        let (access, payer, bulks) = (self.access.clone(), subjects::payer(&self.institution), subjects::bulks());
        let capability = Capability::BulkPayments;
        self.first_of(capability, "authorise_bulk", &bulks, |bulk| api.authorise_bulk(&payer, bulk)).await;
        let made = self.first_of(capability, "submit_bulk", &bulks, |bulk| api.submit_bulk(&access, bulk)).await;
        let id = made.map_or_else(|| subjects::UNKNOWN.to_owned(), |payment| payment.id);
        self.call(capability, "bulk_payment", || api.bulk_payment(&access, &id)).await;
        Ok(())
    }

    async fn mandates(&mut self) -> Result<(), Unsupported> {
        for kind in [MandateKind::Sweeping, MandateKind::Commercial] {
            self.mandates_of(kind).await?;
        }
        Ok(())
    }

    async fn mandates_of(&mut self, kind: MandateKind) -> Result<(), Unsupported> {
        let (api, payer, capability) =
            (self.provider.mandates()?, subjects::payer(&self.institution), Capability::Mandates);
        let requests = subjects::mandates(kind);
        let create = |request| api.create_mandate(&payer, request);
        let created = self.first_of(capability, "create_mandate", &requests, create).await;
        let id = created.map_or_else(|| subjects::UNKNOWN.to_owned(), |mandate| mandate.id);
        let read = self.call(capability, "mandate", || api.mandate(kind, &id)).await;
        let mut access = read.map_or_else(|| self.access.clone(), |mandate| mandate.consent());
        access.token = access.token.or_else(|| self.access.token.clone());
        if let Some(amount) = subjects::pounds() {
            self.call(capability, "confirm_funds", || api.confirm_funds(&access, &amount)).await;
        }
        let payments = subjects::mandate_payments();
        let made = self.first_of(capability, "pay", &payments, |payment| api.pay(&access, payment)).await;
        let payment = made.map_or_else(|| subjects::UNKNOWN.to_owned(), |payment| payment.id);
        self.call(capability, "mandate_payment", || api.mandate_payment(&access, &payment)).await;
        self.call(capability, "delete_mandate", || api.delete_mandate(&id)).await;
        Ok(())
    }

    async fn payment_links(&mut self) -> Result<(), Unsupported> {
        let (api, links) = (self.provider.payment_links()?, subjects::links(&self.institution));
        let query = PaymentLinkQuery::default();
        let made = self.first_of(Capability::PaymentLinks, "create_link", &links, |link| api.create_link(link)).await;
        let id = made.map_or_else(|| subjects::UNKNOWN.to_owned(), |link| link.id);
        self.call(Capability::PaymentLinks, "link", || api.link(&id)).await;
        self.call(Capability::PaymentLinks, "links", || api.links(&query)).await;
        Ok(())
    }
}

/// What calls under a consent carry: a token, too, since some provider's examples hide theirs.
fn access(consent: Option<Consent>, id: String) -> ConsentReference {
    let reference = consent.map_or(ConsentReference { id, token: None }, |consent| consent.reference());
    ConsentReference { token: reference.token.or_else(|| Some(subjects::UNKNOWN.into())), ..reference }
}
