//! What the suites share: starting clusters, waiting, running foreign programs.
