package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	// One number for every partition.
	numberEvery    = time.Millisecond
	bufferedMax    = 2_000
	transactionMax = 500
	// One in so many transactions is aborted.
	abortEvery = 3
	pollMax    = 100 * time.Millisecond
	watchEvery = 100 * time.Millisecond
	// A coordinator that lost its place and was not told yet answers with what it knew.
	staleMax = 15 * time.Second
	// Once the input has ended: for the rest to be acknowledged and copied.
	endMax = 60 * time.Second
)

type keeper struct {
	// Ends when something is wrong, which is its cause.
	ctx  context.Context
	fail context.CancelCauseFunc
	// Closed when the input has ended, when all numbers are acknowledged, when all are copied.
	told, produced, copied chan struct{}
	// Once produced: how many numbers each partition has.
	end int64
}

func keep() error {
	ctx, fail := context.WithCancelCause(context.Background())
	defer fail(nil)
	err := administer(func(admin *kadm.Client) error {
		created, err := admin.CreateTopics(ctx, partitions, replicas, nil, ledgerTopic, copiesTopic)
		return errors.Join(err, created.Error())
	})
	if err != nil {
		return fmt.Errorf("creating the topics: %w", err)
	}
	k := &keeper{ctx: ctx, fail: fail, told: make(chan struct{}), produced: make(chan struct{}), copied: make(chan struct{})}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		time.AfterFunc(endMax, func() { fail(fmt.Errorf("not everything was acknowledged and copied in %v", endMax)) })
		close(k.told)
	}()
	var parts sync.WaitGroup
	for _, part := range []func() error{k.produce, k.copy, k.watch} {
		parts.Go(func() {
			if err := part(); err != nil {
				fail(err)
			}
		})
	}
	parts.Wait()
	return context.Cause(ctx)
}

// note writes a line of the journal at once, and whole.
func (k *keeper) note(line string, words ...any) {
	if _, err := fmt.Printf(line+"\n", words...); err != nil {
		k.fail(fmt.Errorf("writing the journal: %w", err))
	}
}

// produce gives every partition the same numbers until the input ends.
func (k *keeper) produce() error {
	limits := options(kgo.ProducerLinger(2*time.Millisecond), kgo.MaxBufferedRecords(bufferedMax))
	producer, err := kgo.NewClient(limits...)
	if err != nil {
		return err
	}
	defer producer.Close()
	for !isOver(k.ctx.Done()) && !isOver(k.told) {
		value := strconv.FormatInt(k.end, 10)
		key := "key-" + value[len(value)-1:]
		for partition := range int32(partitions) {
			record := &kgo.Record{Topic: ledgerTopic, Partition: partition, Key: []byte(key), Value: []byte(value)}
			producer.Produce(k.ctx, record, func(record *kgo.Record, err error) {
				if err != nil {
					k.fail(fmt.Errorf("producing %s to partition %d: %w", value, partition, err))
					return
				}
				k.note("acknowledged %d %d %s", record.Partition, record.Offset, value)
			})
		}
		k.end++
		time.Sleep(numberEvery)
	}
	if err := producer.Flush(k.ctx); err != nil {
		return fmt.Errorf("producing the last numbers: %w", err)
	}
	close(k.produced)
	return nil
}

func isOver(happened <-chan struct{}) bool {
	select {
	case <-happened:
		return true
	default:
		return false
	}
}

// copy copies the numbers, by one session after the other: where the end of a transaction is unknown, the next session
// finds it out by the group's offsets.
func (k *keeper) copy() error {
	for transaction := 0; !isOver(k.copied) && !isOver(k.ctx.Done()); {
		if err := k.copyOn(&transaction); err != nil {
			fmt.Fprintf(os.Stderr, "a new session after transaction %d: %v\n", transaction, err)
			time.Sleep(pollMax)
		}
	}
	return nil
}

// copyOn copies in one session until everything is copied or the session is not to be used any more.
func (k *keeper) copyOn(transaction *int) error {
	session, err := kgo.NewGroupTransactSession(options(
		kgo.TransactionalID("copier"),
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(ledgerTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.SessionTimeout(10*time.Second),
		kgo.HeartbeatInterval(time.Second),
	)...)
	if err != nil {
		return err
	}
	defer session.Close()
	// Its epoch ends what an earlier session left open; until then the group's offsets are not stable.
	_, _, err = session.Client().ProducerID(k.ctx)
	for err == nil && !isOver(k.copied) && !isOver(k.ctx.Done()) {
		err = k.transact(session, transaction)
	}
	return err
}

// transact copies what comes next. An error means that the session is not to be used again.
func (k *keeper) transact(session *kgo.GroupTransactSession, transaction *int) error {
	ctx, cancel := context.WithTimeout(k.ctx, pollMax)
	fetches := session.PollRecords(ctx, transactionMax)
	cancel()
	if fetches.NumRecords() == 0 {
		return nil
	}
	if err := session.Begin(); err != nil {
		return err
	}
	*transaction++
	copies := fetches.Records()
	for at, record := range copies {
		value := fmt.Appendf(nil, "%s %d", record.Value, *transaction)
		copies[at] = &kgo.Record{Topic: copiesTopic, Partition: record.Partition, Key: record.Key, Value: value}
	}
	sent := session.ProduceSync(k.ctx, copies...).FirstErr() == nil
	isCommitted, err := session.End(k.ctx, kgo.TransactionEndTry(sent && *transaction%abortEvery != 0))
	end := aborted
	switch {
	case err != nil:
		end = doubtful
	case isCommitted:
		end = committed
	case !sent:
		// Some copies may have been acknowledged; the others are not counted on either.
		copies = nil
	}
	k.note("%s %d %d", end, *transaction, len(copies))
	return err
}

// watch sees that committed offsets never go back, and when they have come to the end.
func (k *keeper) watch() error {
	return administer(func(admin *kadm.Client) error {
		var known [partitions]int64
		var backSince time.Time
		for !isOver(k.ctx.Done()) {
			time.Sleep(watchEvery)
			found, err := committedOffsets(k.ctx, admin)
			if err != nil {
				continue
			}
			isBack := false
			for partition := range known {
				isBack = isBack || found[partition] < known[partition]
			}
			switch {
			case !isBack:
				known, backSince = found, time.Time{}
			case backSince.IsZero():
				backSince = time.Now()
			case time.Since(backSince) > staleMax:
				return fmt.Errorf("the group's offsets were %v and are %v", known, found)
			}
			if isOver(k.produced) && known == [partitions]int64{k.end, k.end, k.end} {
				close(k.copied)
				return nil
			}
		}
		return nil
	})
}

// committedOffsets of the group; 0 where it has none.
func committedOffsets(ctx context.Context, admin *kadm.Client) (offsets [partitions]int64, err error) {
	found, err := admin.FetchOffsets(kadm.RequireStable(ctx), group)
	if err == nil {
		err = found.Error()
	}
	for partition := range offsets {
		if offset, there := found.Lookup(ledgerTopic, int32(partition)); there {
			offsets[partition] = offset.At
		}
	}
	return offsets, err
}
