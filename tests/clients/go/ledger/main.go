// A ledger of numbers, kept by franz-go while a cluster is disturbed and checked afterwards.
//
// `ledger keep` produces idempotently with acks=all: the n-th record of each partition is the number n. A member of a
// group copies the numbers in transactions that commit its offsets too, and aborts every third of them. Once its input
// ends it copies the rest and ends. Its output is a journal of what the brokers have acknowledged:
//
//	acknowledged PARTITION OFFSET NUMBER
//	committed|aborted|doubtful TRANSACTION RECORDS
//
// where doubtful is a transaction whose end the client was not told.
// `ledger check JOURNAL` then reads everything: the number at each offset is that offset, the copies that are not
// aborted are the same numbers, each once and in order, and the group's offsets lie behind the last of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"app.headwater/clients/promise"
)

const (
	ledgerTopic = "numbers"
	copiesTopic = "copies"
	group       = "copiers"
	partitions  = 3
	replicas    = 3
	checkMax    = 120 * time.Second
)

// How a transaction ended, as the journal says it.
const (
	committed = "committed"
	aborted   = "aborted"
	doubtful  = "doubtful"
)

// options of a client that tries again as soon and as often as a cluster under test comes back.
func options(opts ...kgo.Opt) []kgo.Opt {
	return append([]kgo.Opt{
		kgo.SeedBrokers(promise.Seeds()...),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.RetryBackoffFn(func(int) time.Duration { return 100 * time.Millisecond }),
		kgo.RequestRetries(1_000),
		// A broker that stands still keeps its sockets open.
		kgo.DialTimeout(2 * time.Second),
		kgo.ProduceRequestTimeout(5 * time.Second),
		kgo.RequestTimeoutOverhead(3 * time.Second),
	}, opts...)
}

func administer(use func(*kadm.Client) error) error {
	client, err := kgo.NewClient(options()...)
	if err != nil {
		return err
	}
	defer client.Close()
	return use(kadm.NewClient(client))
}

func run() error {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "keep":
		return keep()
	case len(os.Args) == 3 && os.Args[1] == "check":
		ctx, cancel := context.WithTimeout(context.Background(), checkMax)
		defer cancel()
		return check(ctx, os.Args[2])
	default:
		return errors.New("usage: ledger keep | ledger check JOURNAL")
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}
