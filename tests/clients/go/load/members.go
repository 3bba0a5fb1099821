package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// classic is a member of the protocol in which the leader assigns.
type classic struct {
	*kgo.Client
	group, id  string
	generation int32
	assigned   int
}

func newClassic(_ kadm.TopicID, _ int) (participant, error) { return joinClassic(bigGroup) }

func joinClassic(group string) (*classic, error) {
	c, err := client()
	return &classic{Client: c, group: group, generation: -1}, err
}

// later says that the group, or its coordinator, is not ready yet.
func later(err error) bool {
	return errors.Is(err, kerr.RebalanceInProgress) || errors.Is(err, kerr.CoordinatorNotAvailable) ||
		errors.Is(err, kerr.CoordinatorLoadInProgress) || errors.Is(err, kerr.NotCoordinator)
}

func (m *classic) beat(ctx context.Context) (int32, int, error) {
	if m.generation < 0 {
		return m.join(ctx)
	}
	request := kmsg.NewPtrHeartbeatRequest()
	request.Group, request.MemberID, request.Generation = m.group, m.id, m.generation
	answer, err := request.RequestWith(ctx, m.Client)
	if err != nil {
		return 0, 0, err
	}
	err = kerr.ErrorForCode(answer.ErrorCode)
	if later(err) {
		return m.join(ctx)
	}
	return m.generation, m.assigned, err
}

func (m *classic) join(ctx context.Context) (int32, int, error) {
	m.generation = -1
	request := kmsg.NewPtrJoinGroupRequest()
	request.Group, request.MemberID, request.ProtocolType = m.group, m.id, "consumer"
	request.SessionTimeoutMillis, request.RebalanceTimeoutMillis = 30_000, 60_000
	protocol := kmsg.NewJoinGroupRequestProtocol()
	protocol.Name = "range"
	subscription := kmsg.NewConsumerMemberMetadata()
	subscription.Topics = []string{bigTopic}
	protocol.Metadata = subscription.AppendTo(nil)
	request.Protocols = append(request.Protocols, protocol)
	joined, err := request.RequestWith(ctx, m.Client)
	if err != nil {
		return 0, 0, err
	}
	m.id = joined.MemberID
	err = kerr.ErrorForCode(joined.ErrorCode)
	if errors.Is(err, kerr.MemberIDRequired) {
		return m.join(ctx)
	}
	if later(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return m.sync(ctx, joined)
}

func (m *classic) sync(ctx context.Context, joined *kmsg.JoinGroupResponse) (int32, int, error) {
	request := kmsg.NewPtrSyncGroupRequest()
	request.Group, request.MemberID, request.Generation = m.group, m.id, joined.Generation
	request.ProtocolType, request.Protocol = joined.ProtocolType, joined.Protocol
	for at, member := range joined.Members {
		given := kmsg.NewSyncGroupRequestGroupAssignment()
		given.MemberID = member.MemberID
		given.MemberAssignment = share(at, len(joined.Members))
		request.GroupAssignment = append(request.GroupAssignment, given)
	}
	synced, err := request.RequestWith(ctx, m.Client)
	if err != nil {
		return 0, 0, err
	}
	err = kerr.ErrorForCode(synced.ErrorCode)
	if later(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	var assignment kmsg.ConsumerMemberAssignment
	if err := assignment.ReadFrom(synced.MemberAssignment); err != nil {
		return 0, 0, err
	}
	m.generation, m.assigned = joined.Generation, 0
	for _, topic := range assignment.Topics {
		m.assigned += len(topic.Partitions)
	}
	return m.generation, m.assigned, nil
}

// share is the part of the topic of one of several members, dealt out like cards.
func share(at, among int) []byte {
	topic := kmsg.NewConsumerMemberAssignmentTopic()
	topic.Topic = bigTopic
	for partition := int32(at); partition < partitions; partition += int32(among) {
		topic.Partitions = append(topic.Partitions, partition)
	}
	assignment := kmsg.NewConsumerMemberAssignment()
	assignment.Topics = append(assignment.Topics, topic)
	return assignment.AppendTo(nil)
}

// consumer is a member of the protocol in which the broker assigns (KIP-848).
type consumer struct {
	*kgo.Client
	id    string
	epoch int32
	owned []kmsg.ConsumerGroupHeartbeatRequestTopic
	told  bool
}

func newConsumer(_ kadm.TopicID, at int) (participant, error) {
	c, err := client()
	return &consumer{Client: c, id: fmt.Sprintf("member-%d", at), owned: none}, err
}

var none = []kmsg.ConsumerGroupHeartbeatRequestTopic{}

func (m *consumer) beat(ctx context.Context) (int32, int, error) {
	request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	request.Group, request.MemberID, request.MemberEpoch = bigGroup, m.id, m.epoch
	request.RebalanceTimeoutMillis = -1
	if m.epoch == 0 {
		request.RebalanceTimeoutMillis = 60_000
		request.SubscribedTopicNames = []string{bigTopic}
	}
	if m.epoch == 0 || !m.told {
		request.Topics, m.told = m.owned, true
	}
	answer, err := request.RequestWith(ctx, m.Client)
	if err != nil {
		return 0, 0, err
	}
	err = kerr.ErrorForCode(answer.ErrorCode)
	if later(err) {
		m.told = false
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", m.id, err)
	}
	m.epoch = answer.MemberEpoch
	if answer.Assignment != nil {
		m.owned, m.told = none, false
		for _, topic := range answer.Assignment.Topics {
			owned := kmsg.NewConsumerGroupHeartbeatRequestTopic()
			owned.TopicID, owned.Partitions = topic.TopicID, topic.Partitions
			m.owned = append(m.owned, owned)
		}
	}
	assigned := 0
	for _, topic := range m.owned {
		assigned += len(topic.Partitions)
	}
	return m.epoch, assigned, nil
}
