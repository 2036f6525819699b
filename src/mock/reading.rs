//! Reading: accounts, and everything about them.

use super::InMemory;
use super::call::Call;
use super::codes::not_found;
use super::page::page;
use super::state::{Held, State};
use crate::domain::{
    Account, Balance, ConsentReference, DateOrTime, DirectDebit, Identity, Page, Payee, ScheduledPayment,
    StandingOrder, Statement, StatementFile, StatementQuery, Transaction, TransactionQuery, User, UserRequest,
};
use crate::error::Error;
use crate::provider::mapping::invalid_request;
use crate::provider::{
    Accounts, Capability, DirectDebits, Identities, Payees, Reply, ScheduledPayments, StandingOrders, Statements,
    Transactions, Users,
};

impl State {
    /// An account that may be read, and the window of its transactions.
    fn read(&self, consent: &ConsentReference, account_id: &str) -> Result<(&Held, TransactionQuery), Error> {
        let view = self.view(consent)?;
        let held = self.accounts.iter().find(|held| held.account.id == account_id);
        let held = held.filter(|held| view.shows(held.institution_id.as_deref())).ok_or_else(not_found)?;
        Ok((held, view.window().clone()))
    }
}

impl InMemory {
    /// Answers a call that reads something of an account.
    fn read<'a, T: Send + 'a>(
        &'a self,
        (capability, operation): (Capability, &'static str),
        consent: &'a ConsentReference,
        account_id: &'a str,
        take: impl FnOnce(&Held) -> T + Send + 'a,
    ) -> Reply<'a, T> {
        let call = Call::new(capability, operation).under(consent).about(account_id);
        self.answer(call, move |state| Ok(take(state.read(consent, account_id)?.0)))
    }
}

impl Accounts for InMemory {
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        let call = Call::new(Capability::Accounts, "accounts").under(consent);
        self.answer(call, move |state| {
            let view = state.view(consent)?;
            let shown = state.accounts.iter().filter(|held| view.shows(held.institution_id.as_deref()));
            Ok(shown.map(|held| held.account.clone()).collect())
        })
    }

    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        self.read((Capability::Accounts, "balances"), consent, account_id, |held| held.account.balances.clone())
    }
}

/// What a page depends on, beside its place.
fn depends(account_id: &str, query: &TransactionQuery) -> impl std::hash::Hash + use<> {
    (account_id.to_owned(), query.from, query.to)
}

impl Transactions for InMemory {
    fn page<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a TransactionQuery,
    ) -> Reply<'a, Page<Transaction>> {
        let call = Call::new(Capability::Transactions, "page").under(consent).about(account_id).asking(query);
        self.answer(call, move |state| {
            let (held, window) = state.read(consent, account_id)?;
            let covered = |transaction: &&Transaction| {
                query.covers(transaction.booked_at) && window.covers(transaction.booked_at)
            };
            let all = held.transactions.iter().filter(covered).cloned().collect();
            page(all, depends(account_id, query), query.page_size, query.cursor.as_ref())
        })
    }
}

impl Identities for InMemory {
    fn identity<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Identity> {
        let call = Call::new(Capability::Identities, "identity").under(consent);
        self.answer(call, move |state| {
            state.view(consent)?;
            state.identity.clone().ok_or_else(not_found)
        })
    }
}

impl Payees for InMemory {
    fn payees<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Payee>> {
        self.read((Capability::Payees, "payees"), consent, account_id, |held| held.payees.clone())
    }
}

impl StandingOrders for InMemory {
    fn standing_orders<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
    ) -> Reply<'a, Vec<StandingOrder>> {
        let operation = (Capability::StandingOrders, "standing_orders");
        self.read(operation, consent, account_id, |held| held.standing_orders.clone())
    }
}

impl ScheduledPayments for InMemory {
    fn scheduled_payments<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
    ) -> Reply<'a, Vec<ScheduledPayment>> {
        let operation = (Capability::ScheduledPayments, "scheduled_payments");
        self.read(operation, consent, account_id, |held| held.scheduled_payments.clone())
    }
}

impl DirectDebits for InMemory {
    fn direct_debits<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<DirectDebit>> {
        let operation = (Capability::DirectDebits, "direct_debits");
        self.read(operation, consent, account_id, |held| held.direct_debits.clone())
    }
}

impl InMemory {
    /// Answers a call about one statement.
    fn statement_of<'a, T: Send + 'a>(
        &'a self,
        operation: &'static str,
        consent: &'a ConsentReference,
        (account_id, statement_id): (&'a str, &'a str),
        take: impl FnOnce(&(Statement, String, obkit_runtime::bytes::Bytes)) -> T + Send + 'a,
    ) -> Reply<'a, T> {
        let call = Call::new(Capability::Statements, operation).under(consent).about(statement_id);
        self.answer(call, move |state| {
            let (held, _) = state.read(consent, account_id)?;
            held.statements.iter().find(|(statement, ..)| statement.id == statement_id).map(take).ok_or_else(not_found)
        })
    }
}

impl Statements for InMemory {
    fn statements<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        query: &'a StatementQuery,
    ) -> Reply<'a, Page<Statement>> {
        let call = Call::new(Capability::Statements, "statements").under(consent).about(account_id).asking(query);
        self.answer(call, move |state| {
            let (held, _) = state.read(consent, account_id)?;
            let end = |statement: &Statement| -> Option<DateOrTime> { statement.to.or(statement.created_at) };
            let statements = held.statements.iter().map(|(statement, ..)| statement);
            let all = statements.filter(|statement| query.covers(end(statement))).cloned().collect();
            page(all, depends(account_id, query), query.page_size, query.cursor.as_ref())
        })
    }

    fn statement<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, Statement> {
        self.statement_of("statement", consent, (account_id, statement_id), |(statement, ..)| statement.clone())
    }

    fn file<'a>(
        &'a self,
        consent: &'a ConsentReference,
        account_id: &'a str,
        statement_id: &'a str,
    ) -> Reply<'a, StatementFile> {
        self.statement_of("file", consent, (account_id, statement_id), |(_, media_type, bytes)| {
            StatementFile::of(media_type, bytes.clone())
        })
    }
}

impl Users for InMemory {
    fn users(&self) -> Reply<'_, Vec<User>> {
        self.answer(Call::new(Capability::Users, "users"), |state| Ok(state.users.clone()))
    }

    fn user<'a>(&'a self, id: &'a str) -> Reply<'a, User> {
        let call = Call::new(Capability::Users, "user").about(id);
        self.answer(call, move |state| state.users.iter().find(|user| user.id == id).cloned().ok_or_else(not_found))
    }

    /// Your own id decides, and without one the e-mail address.
    fn find_or_create<'a>(&'a self, request: &'a UserRequest) -> Reply<'a, User> {
        let UserRequest { application_user_id, reference, email } = request;
        if application_user_id.is_none() && email.is_none() {
            return Box::pin(async { Err(invalid_request("a user needs an id of yours or an e-mail address")) });
        }
        let call = Call::new(Capability::Users, "find_or_create").asking(request);
        self.answer(call, move |state| {
            let same = |user: &&User| match application_user_id {
                Some(_) => user.application_user_id == *application_user_id,
                None => user.email == *email,
            };
            if let Some(user) = state.users.iter().find(same) {
                return Ok(user.clone());
            }
            let mut user = User::new(state.fresh_id("user")).created_at(state.now);
            user.application_user_id = application_user_id.clone();
            user.reference = reference.clone();
            user.email = email.clone();
            state.users.push(user.clone());
            Ok(user)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        let call = Call::new(Capability::Users, "delete").about(id);
        self.answer(call, move |state| {
            let at = state.users.iter().position(|user| user.id == id).ok_or_else(not_found)?;
            let user = state.users.remove(at);
            if user.application_user_id.is_some() {
                state.permissions.retain(|_, permission| permission.user_id != user.application_user_id);
            }
            Ok(())
        })
    }
}
