//! ListTransactions (key 66), versions 0–2.
//! Source: Kafka 4.3.1 ListTransactionsRequest.json; KIP-664, KIP-994 (duration), KIP-1152 (pattern).
//! Needs: nothing; every broker lists what it coordinates.
//! Answers: transactional ids with producer and state, filtered.
//! Versions: 1 running at least so long · 2 ids that match a regular expression.

use crate::protocol::ErrorCode;
use crate::protocol::messages::list_transactions::{
    ListTransactionsRequest, ListTransactionsResponse, TransactionState,
};
use crate::server::Ctx;
use crate::txn::{Transaction, TxnState};

pub async fn handle(ctx: Ctx, request: ListTransactionsRequest) -> ListTransactionsResponse {
    let failed = |code: ErrorCode| ListTransactionsResponse { error_code: code.code(), ..Default::default() };
    let pattern = match request.transactional_id_pattern.as_deref().filter(|pattern| !pattern.is_empty()) {
        None => None,
        // Anchored, as Kafka matches whole ids. The engine runs in linear time whatever the pattern.
        Some(pattern) => match regex::Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) => Some(regex),
            Err(_) => return failed(ErrorCode::InvalidRegularExpression),
        },
    };
    let all = match ctx.broker.list_transactions() {
        Ok(all) => all,
        Err(code) => return failed(code),
    };
    let known_state = |name: &&String| TxnState::ALL.iter().any(|state| state.name() == *name);
    let unknown: Vec<String> =
        request.state_filters.iter().filter(|name| !known_state(name)).cloned().collect();
    let now_ms = ctx.broker.now().wall_ms;
    let wanted = |id: &str, known: &Transaction| {
        let states = &request.state_filters;
        let ids = &request.producer_id_filters;
        let runs_ms = if known.started_ms < 0 { 0 } else { now_ms - known.started_ms };
        (states.is_empty() || states.iter().any(|name| name == known.state.name()))
            && (ids.is_empty() || ids.contains(&known.producer.id))
            && (request.duration_filter < 0 || runs_ms > request.duration_filter)
            && pattern.as_ref().is_none_or(|regex| regex.is_match(id))
    };
    let rows = all.into_iter().filter(|(id, known)| wanted(id, known)).map(|(id, known)| TransactionState {
        transactional_id: id,
        producer_id: known.producer.id,
        transaction_state: known.state.name().to_owned(),
    });
    let transaction_states = rows.collect();
    ListTransactionsResponse { unknown_state_filters: unknown, transaction_states, ..Default::default() }
}
