//! The journal: every applied plan and every other change, with what is needed to undo it. Never payloads.

use rusqlite::{OptionalExtension, Row};

use super::{Migration, Store, failed, failed_json, id_from_sql, id_to_sql};
use crate::clock::now_ms;
use crate::commands::registry::Touched;
use crate::dto::{
    AppError, Change, ClusterId, JournalEntry, JournalId, OpClass, Outcome, OutcomeState, PlannedChange,
};
use crate::error::AppResult;

/// Sends to one topic within this time are one line with a count.
const SAME_ENTRY_MS: i64 = 10 * 60 * 1_000;
const LISTED_MAX: u32 = 1_000;

pub(super) const MIGRATION: Migration = Migration {
    table: "journal",
    steps: &[
        "CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, cluster_id INTEGER NOT NULL,
        operation TEXT NOT NULL, title TEXT NOT NULL, class TEXT NOT NULL, command TEXT NOT NULL,
        changes TEXT NOT NULL, outcomes TEXT NOT NULL, undo TEXT, undone_by INTEGER,
        times INTEGER NOT NULL DEFAULT 1);
        CREATE INDEX journal_by_cluster ON journal (cluster_id, id)",
        "CREATE INDEX journal_by_undone ON journal (undone_by) WHERE undone_by IS NOT NULL",
        "ALTER TABLE journal ADD COLUMN who TEXT NOT NULL DEFAULT ''",
    ],
};

/// A line to be written.
#[derive(Debug)]
pub struct NewEntry<'a> {
    pub cluster_id: ClusterId,
    pub operation: &'a str,
    pub title: &'a str,
    pub class: OpClass,
    pub command: &'a str,
    pub changes: &'a [PlannedChange],
    pub outcomes: &'a [Outcome],
    pub undo: Option<&'a Change>,
}

const COLUMNS: &str = "id, at, cluster_id, title, class, command, changes, outcomes, undo, undone_by,
    (SELECT other.id FROM journal AS other WHERE other.undone_by = journal.id), who";

/// The account under which the app runs; empty where the system does not tell.
fn who() -> String {
    let said = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    said.filter(|name| !name.is_empty()).or_else(|| whoami::fallible::username().ok()).unwrap_or_default()
}

impl Store {
    pub fn journal_add(&self, entry: &NewEntry<'_>) -> AppResult<JournalId> {
        let undo = entry.undo.map(serde_json::to_string).transpose().map_err(failed_json)?;
        let store = self.lock();
        store
            .execute(
                "INSERT INTO journal (at, cluster_id, operation, title, class, command, changes, outcomes, undo, who)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                (
                    now_ms(),
                    id_to_sql(entry.cluster_id.0),
                    entry.operation,
                    entry.title,
                    class_text(entry.class),
                    entry.command,
                    serde_json::to_string(entry.changes).map_err(failed_json)?,
                    serde_json::to_string(entry.outcomes).map_err(failed_json)?,
                    undo,
                    who(),
                ),
            )
            .map_err(failed)?;
        Ok(JournalId(id_from_sql(store.last_insert_rowid())))
    }

    /// Writes the line of an operation that is not a plan; repeated successes become one line with a count.
    pub fn journal_operation(
        &self,
        class: OpClass,
        operation: &str,
        touched: &Touched,
        error: Option<&AppError>,
    ) -> AppResult<()> {
        if error.is_none() && self.count_once_more(operation, touched)? {
            return Ok(());
        }
        let state = if error.is_none() { OutcomeState::Done } else { OutcomeState::Failed };
        let (mut changes, mut outcomes) = (Vec::new(), Vec::new());
        for resource in &touched.resources {
            changes.push(change_of(resource, &touched.title, 1));
            outcomes.push(Outcome { resource: resource.clone(), state, error: error.cloned() });
        }
        self.journal_add(&NewEntry {
            cluster_id: touched.connection,
            operation,
            title: &touched.title,
            class,
            command: &touched.command,
            changes: &changes,
            outcomes: &outcomes,
            undo: None,
        })?;
        Ok(())
    }

    fn count_once_more(&self, operation: &str, touched: &Touched) -> AppResult<bool> {
        let store = self.lock();
        let last: Option<(i64, u32)> = store
            .query_row(
                "SELECT id, times FROM journal WHERE cluster_id = ?1 AND id = (SELECT max(id) FROM journal
                     WHERE cluster_id = ?1) AND operation = ?2 AND title = ?3 AND at > ?4
                     AND outcomes NOT LIKE '%\"failed\"%'",
                (
                    id_to_sql(touched.connection.0),
                    operation,
                    &touched.title,
                    now_ms().saturating_sub(SAME_ENTRY_MS),
                ),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(failed)?;
        let Some((id, times)) = last else {
            return Ok(false);
        };
        let times = times.saturating_add(1);
        let changes: Vec<_> =
            touched.resources.iter().map(|resource| change_of(resource, &touched.title, times)).collect();
        let changes = serde_json::to_string(&changes).map_err(failed_json)?;
        store
            .execute(
                "UPDATE journal SET times = ?2, changes = ?3, at = ?4, command = ?5 WHERE id = ?1",
                (id, times, changes, now_ms(), &touched.command),
            )
            .map_err(failed)?;
        Ok(true)
    }

    /// Returns the newest thousand lines, newest first.
    pub fn journal(&self, cluster: Option<ClusterId>) -> AppResult<Vec<JournalEntry>> {
        let store = self.lock();
        let sql = format!(
            "SELECT {COLUMNS} FROM journal WHERE ?1 IS NULL OR cluster_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2"
        );
        let mut statement = store.prepare(&sql).map_err(failed)?;
        let rows = statement
            .query_map((cluster.map(|id| id_to_sql(id.0)), LISTED_MAX), entry_from_row)
            .map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Returns a line and the change that undoes it.
    pub fn journal_entry(&self, id: JournalId) -> AppResult<Option<(JournalEntry, Option<Change>)>> {
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE id = ?1");
        self.lock()
            .query_row(&sql, [id_to_sql(id.0)], |row| Ok((entry_from_row(row)?, json_column(row, 8)?)))
            .optional()
            .map_err(failed)
    }

    pub fn journal_undone(&self, id: JournalId, by: JournalId) -> AppResult<()> {
        self.lock()
            .execute("UPDATE journal SET undone_by = ?2 WHERE id = ?1", (id_to_sql(id.0), id_to_sql(by.0)))
            .map_err(failed)?;
        Ok(())
    }
}

fn change_of(resource: &str, title: &str, times: u32) -> PlannedChange {
    let effect = if times == 1 { title.to_owned() } else { format!("{title}, {times} times") };
    PlannedChange {
        resource: resource.to_owned(),
        before: None,
        after: None,
        effect,
        undo: None,
        left_out: false,
    }
}

fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    let outcomes: Vec<Outcome> = json_column(row, 7)?.unwrap_or_default();
    let undone_by: Option<i64> = row.get(9)?;
    let has_undo = row.get::<_, Option<String>>(8)?.is_some();
    // The undo that is kept takes back what was done, and only that.
    let some_done = outcomes.is_empty() || outcomes.iter().any(|one| one.state == OutcomeState::Done);
    Ok(JournalEntry {
        journal_id: JournalId(id_from_sql(row.get(0)?)),
        at: row.get(1)?,
        cluster_id: ClusterId(id_from_sql(row.get(2)?)),
        title: row.get(3)?,
        class: class_from_text(&row.get::<_, String>(4)?),
        command: row.get(5)?,
        changes: json_column(row, 6)?.unwrap_or_default(),
        outcomes,
        undoable: has_undo && some_done && undone_by.is_none(),
        undone_by: undone_by.map(|id| JournalId(id_from_sql(id))),
        undoes: row.get::<_, Option<i64>>(10)?.map(|id| JournalId(id_from_sql(id))),
        who: row.get(11)?,
    })
}

fn json_column<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn class_text(class: OpClass) -> &'static str {
    match class {
        OpClass::Read => "read",
        OpClass::Local => "local",
        OpClass::Write => "write",
        OpClass::Destructive => "destructive",
    }
}

fn class_from_text(text: &str) -> OpClass {
    match text {
        "read" => OpClass::Read,
        "local" => OpClass::Local,
        "write" => OpClass::Write,
        _ => OpClass::Destructive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched() -> Touched {
        Touched {
            connection: ClusterId(1),
            resources: vec!["topic orders".into()],
            title: "Send records to orders".into(),
            command: String::new(),
            journaled: true,
        }
    }

    #[test]
    fn repeated_sends_are_one_line_with_a_count() {
        let dir = tempfile::tempdir().expect("temp dir");
        let store = Store::open(&dir.path().join("h.db")).expect("store");
        for _ in 0..3 {
            store.journal_operation(OpClass::Write, "produce.send", &touched(), None).expect("written");
        }
        let lines = store.journal(None).expect("journal");
        assert_eq!(lines.len(), 1);
        assert!(lines[0].changes[0].effect.contains("3 times"));
    }

    #[test]
    fn an_undo_and_what_it_undid_name_each_other() {
        let dir = tempfile::tempdir().expect("temp dir");
        let store = Store::open(&dir.path().join("h.db")).expect("store");
        let add = |title: &str, undo: Option<&Change>| {
            let entry = NewEntry {
                cluster_id: ClusterId(1),
                operation: "createTopic",
                title,
                class: OpClass::Write,
                command: "",
                changes: &[],
                outcomes: &[],
                undo,
            };
            store.journal_add(&entry).expect("written")
        };
        let made = add("Create topic a", Some(&Change::DeleteTopic { name: "a".into() }));
        let taken_back = add("Undo: Create topic a", None);
        store.journal_undone(made, taken_back).expect("noted");
        let lines = store.journal(None).expect("journal");
        let named: Vec<_> = lines.iter().map(|line| (line.journal_id, line.undone_by, line.undoes)).collect();
        assert_eq!(named, [(taken_back, None, Some(made)), (made, Some(taken_back), None)]);
        assert!(!lines[1].undoable, "what was undone is not undone again");
    }

    #[test]
    fn a_failure_is_its_own_line() {
        let dir = tempfile::tempdir().expect("temp dir");
        let store = Store::open(&dir.path().join("h.db")).expect("store");
        let error = AppError::new("Not sent", "No leader.");
        store.journal_operation(OpClass::Write, "produce.send", &touched(), None).expect("written");
        store.journal_operation(OpClass::Write, "produce.send", &touched(), Some(&error)).expect("written");
        store.journal_operation(OpClass::Write, "produce.send", &touched(), None).expect("written");
        assert_eq!(store.journal(Some(ClusterId(1))).expect("journal").len(), 3);
        assert!(store.journal(Some(ClusterId(2))).expect("journal").is_empty());
    }
}
