package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

const (
	bigTopic   = "big"
	bigGroup   = "big-readers"
	members    = 500
	perMember  = 2
	partitions = members * perMember
	// How often a member asks: what it hears later than this is the broker's doing.
	heartbeat = 100 * time.Millisecond
)

// participant is a member of a group of either protocol.
type participant interface {
	// beat tells the group that the member lives and does what the group wants. Returns the generation, or the
	// member epoch, and how many partitions the member has in it; zero while it has to wait for others.
	beat(ctx context.Context) (generation int32, assigned int, err error)
}

// patiently takes a coordinator that is not there yet for a group that has to wait.
func patiently(ctx context.Context, member participant) (int32, int, error) {
	generation, assigned, err := member.beat(ctx)
	if later(err) {
		return 0, 0, nil
	}
	return generation, assigned, err
}

// A participant's last word, for all to see.
type place struct {
	generation atomic.Int32
	assigned   atomic.Int32
}

// rebalance forms a group of all members but one, then measures the time from the join of the last until each has
// its part in one and the same generation.
func rebalance(ctx context.Context, join func(kadm.TopicID, int) (participant, error)) (figures, error) {
	topic, err := create(ctx, bigTopic, partitions)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	places := make([]*place, members)
	run := func(at int) error {
		member, err := join(topic, at)
		if err != nil {
			return err
		}
		places[at] = &place{}
		go func() {
			for ctx.Err() == nil {
				generation, assigned, err := patiently(ctx, member)
				if err != nil {
					cancel(err)
					return
				}
				places[at].assigned.Store(int32(assigned))
				places[at].generation.Store(generation)
				time.Sleep(heartbeat)
			}
		}()
		return nil
	}
	begun := time.Now()
	for at := range members - 1 {
		if err := run(at); err != nil {
			return nil, err
		}
	}
	if err := settled(ctx, places[:members-1]); err != nil {
		return nil, err
	}
	formed := time.Since(begun)
	begun = time.Now()
	if err := run(members - 1); err != nil {
		return nil, err
	}
	if err := settled(ctx, places); err != nil {
		return nil, err
	}
	return figures{"form_ms": milliseconds(formed), "rebalance_ms": milliseconds(time.Since(begun))}, nil
}

// settled waits until all members stand in one generation and have every partition between them.
func settled(ctx context.Context, places []*place) error {
	for ctx.Err() == nil {
		generation, total, same := places[0].generation.Load(), int32(0), true
		for _, place := range places {
			same = same && place.generation.Load() == generation
			total += place.assigned.Load()
		}
		if same && generation > 0 && total == partitions {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return context.Cause(ctx)
}
