//! THE list of operations. Each line says class, shape, name, request, response and body; from it come the
//! Tauri command, the HTTP route, the TypeScript types, the policy check and the journal.
//!
//! Invariant: a Write or Destructive line compiles only if its request says what it touches
//! ([`registry::Touches`]), and its body runs only after the policy admitted that connection.

pub mod dispatch;
pub mod feed;
pub mod registry;

pub mod app_info;
pub mod broker_detail;
pub mod calls;
pub mod charts;
pub mod cluster_views;
pub mod clusters;
pub mod diagnose;
pub mod files;
pub mod groups;
pub mod layout;
pub mod local;
pub mod plans;
pub mod produce;
pub mod scans;
pub mod shop;
pub mod snapshots;
pub mod support;

use crate::dto::*;
use registry::{Operation, operations};

operations! {
    Read  call "app.info" (Empty) -> AppInfo = app_info::info;
    Read  call "app.files" (Empty) -> Vec<FilePlace> = support::files;
    Read  call "app.report" (Empty) -> SupportReport = support::report;
    Read  call "settings.get" (Empty) -> AppSettings = app_info::settings_get;
    Local call "settings.put" (AppSettings) -> Empty = app_info::settings_put;
    Local call "state.get" (StateKey) -> StateValue = app_info::state_get;
    Local call "state.put" (StatePut) -> Empty = app_info::state_put;
    Local call "file.save" (SaveFile) -> FileSaved = files::save;
    Local call "diag.csp" (PageProblem) -> Empty = app_info::page_problem;
    Local call "call.cancel" (CancelCall) -> Empty = calls::cancel_call;
    Local call "job.cancel" (JobRef) -> Empty = calls::cancel_job;
    Read  call "job.result" (JobRef) -> JobResult = calls::job_result;
    Read  feed "jobs" (Empty) -> Vec<JobView> = calls::jobs_feed;

    Read  call "clusters.list" (Empty) -> Vec<ClusterSummary> = clusters::list;
    Local call "clusters.add" (AddCluster) -> ClusterRef = clusters::add;
    Local call "clusters.update" (UpdateCluster) -> Empty = clusters::update;
    Local call "clusters.remove" (ClusterRef) -> Empty = clusters::remove;
    Local call "clusters.removed" (Empty) -> Vec<RemovedCluster> = clusters::removed;
    Local call "clusters.restore" (ClusterRef) -> Empty = clusters::restore;
    Read  feed "clusters" (Empty) -> Vec<ClusterSummary> = clusters::feed;
    Read  feed "status" (ClusterRef) -> ClusterStatus = clusters::status_feed;

    Read  call "local.preview" (LocalOptions) -> LocalPreview = local::preview;
    Read  feed "local.panel" (Empty) -> LocalPanel = local::panel_feed;
    Read  call "local.settings" (Empty) -> Vec<LocalSetting> = local::settings;
    Read  feed "local.log" (Empty) -> Vec<LocalLogLine> = local::log_feed;
    Local call "local.start" (LocalOptions) -> LocalStarted = local::start;
    Local call "local.restart" (LocalOptions) -> LocalStarted = local::restart;
    Local call "local.stop" (Empty) -> Empty = local::stop;
    Local job  "local.snapshot_take" (LocalSnapshotName) -> LocalSnapshot = snapshots::take;
    Destructive call "local.snapshot_restore" (LocalSnapshotName) -> Empty = snapshots::restore;
    Destructive call "local.snapshot_delete" (LocalSnapshotName) -> Empty = snapshots::delete;
    Destructive call "local.reset" (LocalReset) -> Empty = local::reset;
    Write call "local.stop_broker" (LocalBroker) -> Empty = local::stop_broker;
    Write call "local.start_broker" (LocalBroker) -> Empty = local::start_broker;
    Write call "local.crash_broker" (LocalBroker) -> Empty = local::crash_broker;
    Write call "local.pause_broker" (LocalBroker) -> Empty = local::pause_broker;
    Write call "local.resume_broker" (LocalBroker) -> Empty = local::resume_broker;
    Destructive call "local.power_cut_broker" (LocalBroker) -> Empty = local::power_cut_broker;
    Write call "local.fault" (LocalFault) -> Empty = local::fault;

    Write call "shop.open" (ShopOpen) -> Empty = shop::open;
    Local call "shop.pause" (Empty) -> Empty = shop::pause;
    Local call "shop.resume" (Empty) -> Empty = shop::resume;
    Destructive call "shop.remove" (ShopRemove) -> Empty = shop::remove;
    Read  feed "shop" (Empty) -> ShopStatus = shop::feed;

    Read  job  "connect.diagnose" (DiagnoseRequest) -> Diagnosis = diagnose::diagnose;
    Read  feed "diagnosis" (JobRef) -> Diagnosis = diagnose::feed;

    Read  call "overview.get" (ClusterRef) -> Seen<Overview> = cluster_views::overview;
    Read  call "brokers.list" (ClusterRef) -> Seen<Vec<BrokerRow>> = cluster_views::brokers;
    Read  call "brokers.get" (BrokerRef) -> Seen<BrokerDetail> = broker_detail::get;
    Read  call "topics.list" (ClusterRef) -> Seen<Vec<TopicRow>> = cluster_views::topics;
    Read  call "topic.get" (TopicRef) -> Seen<TopicDetail> = cluster_views::topic;
    Read  feed "layout" (ClusterRef) -> Seen<Layout> = layout::feed;
    Read  feed "overview" (ClusterRef) -> Seen<Overview> = cluster_views::overview_feed;
    Read  feed "topics" (ClusterRef) -> Seen<Vec<TopicRow>> = cluster_views::topics_feed;
    Read  call "groups.list" (ClusterRef) -> Seen<Vec<GroupRow>> = groups::list;
    Read  call "group.get" (GroupRef) -> Seen<GroupDetail> = groups::get;
    Read  feed "groups" (ClusterRef) -> Seen<Vec<GroupRow>> = groups::list_feed;
    Read  feed "group" (GroupRef) -> Seen<GroupDetail> = groups::feed;

    Read  call "plan.make" (MakePlan) -> Plan = plans::make;
    Destructive call "plan.apply" (ApplyPlan) -> AppliedPlan = plans::apply;
    Read  call "journal.list" (JournalFilter) -> Vec<JournalEntry> = plans::journal;

    Write call "produce.send" (SendRecord) -> SentRecord = produce::send;

    Read  call "scan.start" (StartScan) -> ScanRef = scans::start;
    Read  call "scan.window" (WindowRequest) -> RowWindow = scans::window;
    Read  call "scan.record" (RowRef) -> RecordFull = scans::record;
    Read  call "scan.template" (RowRef) -> RecordTemplate = scans::template;
    Read  call "scan.raw" (RawRequest) -> RawBytes = scans::raw;
    Read  call "scan.pause" (ScanRef) -> Empty = scans::pause;
    Read  call "scan.resume" (ScanRef) -> Empty = scans::resume;
    Read  call "scan.readOn" (ScanRef) -> Empty = scans::read_on;
    Read  call "scan.stop" (ScanRef) -> Empty = scans::stop;
    Read  call "scan.close" (ScanRef) -> Empty = scans::close;
    Read  feed "scan" (ScanRef) -> ScanState = scans::feed;

    Read  call "chart.get" (ChartRequest) -> ChartView = charts::get;
}

/// Returns the operation of that name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod thread_tests;
