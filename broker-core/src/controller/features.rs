//! Finalized features: which of the things that change what is written, or what clients may do, are in force.
//! Source: Kafka `FeatureControlManager.java`, `QuorumFeatures.java`; KIP-584, KIP-1022.

use super::eligible::ELIGIBLE_VERSION;
use super::{Controller, TopicError};
use crate::protocol::ErrorCode;
use crate::protocol::records::metadata::FeatureLevelRecord;

/// The name of consumer groups (KIP-848).
pub const GROUP_VERSION: &str = "group.version";
/// The name of transactions: 1 flexible records, 2 epochs that rise with every transaction (KIP-890).
pub const TRANSACTION_VERSION: &str = "transaction.version";
/// The name of the metadata's format.
const METADATA_VERSION: &str = "metadata.version";

/// A feature and the levels it may have; a new cluster has the highest, as has one from before the feature.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// The lowest level.
    pub min: i16,
    /// The highest level.
    pub max: i16,
}

/// What this software supports. `metadata.version` is from Kafka 3.3 (3.3-IV3) to 4.3 (4.3-IV0).
pub const FEATURES: [Feature; 4] = [
    Feature { name: ELIGIBLE_VERSION, min: 0, max: 1 },
    Feature { name: GROUP_VERSION, min: 0, max: 1 },
    Feature { name: METADATA_VERSION, min: 7, max: 30 },
    Feature { name: TRANSACTION_VERSION, min: 0, max: 2 },
];

/// A feature that somebody wants at another level.
#[derive(Debug, Clone)]
pub struct FeatureUpdate {
    /// Its name.
    pub name: String,
    /// The level wanted; 0 turns it off.
    pub level: i16,
    /// In which direction.
    pub kind: UpdateKind,
}

/// The direction of a [`FeatureUpdate`]. A downgrade is without loss for all that may be lowered here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateKind {
    /// To the same level or a higher one.
    Upgrade,
    /// To the same level or a lower one.
    Downgrade,
    /// A kind that no Kafka knows.
    Unknown,
}

impl Controller {
    /// Features that the image does not know yet, as of a new cluster, get their highest level.
    pub(super) fn finalize_new_features(&mut self) {
        for feature in FEATURES {
            if !self.image.features.contains_key(feature.name) {
                self.emit(FeatureLevelRecord { name: feature.name.to_owned(), feature_level: feature.max });
            }
        }
    }

    /// Makes all updates or none.
    pub fn update_features(
        &mut self,
        updates: &[FeatureUpdate],
        validate_only: bool,
    ) -> Result<(), TopicError> {
        for update in updates {
            self.check_update(update)?;
        }
        if !validate_only {
            for update in updates {
                self.emit(FeatureLevelRecord { name: update.name.clone(), feature_level: update.level });
            }
            if !self.keeps_eligible() {
                self.drop_eligible();
            }
        }
        Ok(())
    }

    fn check_update(&self, update: &FeatureUpdate) -> Result<(), TopicError> {
        let FeatureUpdate { name, level, kind } = update;
        let refuse = |why: String| {
            let message = format!("Invalid update version {level} for feature {name}. {why}");
            Err(TopicError { code: ErrorCode::InvalidUpdateVersion, message })
        };
        if *kind == UpdateKind::Unknown {
            return refuse("The controller does not support the given upgrade type.".to_owned());
        }
        if *level < 0 {
            return refuse("A feature version cannot be less than 0.".to_owned());
        }
        let Some(feature) = FEATURES.iter().find(|feature| feature.name == name) else {
            return refuse("Local controller 1 does not support this feature.".to_owned());
        };
        if !(feature.min..=feature.max).contains(level) {
            let Feature { min, max, .. } = feature;
            return refuse(format!("Local controller 1 only supports versions {min}-{max}"));
        }
        let now = self.image.feature(name);
        match kind {
            UpdateKind::Upgrade if *level < now => {
                let why = "Can't downgrade the version of this feature without setting the upgrade type to \
                           either safe or unsafe downgrade.";
                refuse(why.to_owned())
            }
            UpdateKind::Downgrade if *level > now => refuse("Can't downgrade to a newer version.".to_owned()),
            UpdateKind::Downgrade if name == METADATA_VERSION && *level < now => {
                let why = "Refusing to perform the requested downgrade because it might delete metadata \
                           information.";
                let message = format!("Invalid metadata.version {level}. {why}");
                Err(TopicError { code: ErrorCode::InvalidUpdateVersion, message })
            }
            UpdateKind::Upgrade | UpdateKind::Downgrade | UpdateKind::Unknown => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::topics::tests::with_topic;

    fn update(name: &str, level: i16, kind: UpdateKind) -> Vec<FeatureUpdate> {
        vec![FeatureUpdate { name: name.to_owned(), level, kind }]
    }

    #[test]
    fn a_feature_turned_off_stays_off_when_the_machine_starts_again() {
        let mut controller = with_topic("orders");
        assert_eq!(controller.image().feature(GROUP_VERSION), 1);
        controller.update_features(&update(GROUP_VERSION, 0, UpdateKind::Downgrade), false).unwrap();
        assert_eq!(controller.image().feature(GROUP_VERSION), 0);
        controller.finalize_new_features();
        assert_eq!(controller.image().feature(GROUP_VERSION), 0);
    }

    #[test]
    fn one_update_that_is_refused_stops_them_all() {
        let mut controller = with_topic("orders");
        let mut both = update(TRANSACTION_VERSION, 1, UpdateKind::Downgrade);
        both.extend(update(GROUP_VERSION, 7, UpdateKind::Upgrade));
        let refusal = controller.update_features(&both, false).unwrap_err();
        assert!(refusal.message.contains("only supports versions 0-1"), "{refusal:?}");
        assert_eq!(controller.image().feature(TRANSACTION_VERSION), 2);
    }

    #[test]
    fn directions_trials_and_the_metadata_itself_are_checked() {
        let mut controller = with_topic("orders");
        for (name, level, kind) in [
            (TRANSACTION_VERSION, 1, UpdateKind::Upgrade),
            (TRANSACTION_VERSION, 1, UpdateKind::Unknown),
            (TRANSACTION_VERSION, -1, UpdateKind::Downgrade),
            (METADATA_VERSION, 20, UpdateKind::Downgrade),
            ("no.such.feature", 1, UpdateKind::Upgrade),
        ] {
            let refusal = controller.update_features(&update(name, level, kind), false).unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidUpdateVersion, "{name} {level} {kind:?}");
        }
        controller.update_features(&update(TRANSACTION_VERSION, 1, UpdateKind::Downgrade), true).unwrap();
        assert_eq!(controller.image().feature(TRANSACTION_VERSION), 2);
    }
}
