// The script of the client suite, by franz-go: create, produce with every codec, consume by group with a
// rebalance, read on after a restart.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	topic = "go-orders"
	group = "go-readers"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func client(opts ...kgo.Opt) *kgo.Client {
	seeds := strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ",")
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(seeds...), kgo.ClientID("franz-suite")}, opts...)...)
	check(err)
	return c
}

func reader() *kgo.Client {
	return client(
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
	)
}

// poll reads until n distinct values are there.
func poll(ctx context.Context, n int, readers ...*kgo.Client) []string {
	seen := map[string]bool{}
	for len(seen) < n {
		for _, r := range readers {
			short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			fetches := r.PollFetches(short)
			cancel()
			check(ctx.Err())
			fetches.EachRecord(func(record *kgo.Record) { seen[string(record.Value)] = true })
		}
	}
	values := make([]string, 0, len(seen))
	for value := range seen {
		values = append(values, value)
	}
	sort.Strings(values)
	return values
}

func first(ctx context.Context) {
	admin := kadm.NewClient(client())
	defer admin.Close()
	_, err := admin.CreateTopic(ctx, 6, 3, nil, topic)
	check(err)
	sent := 0
	for _, codec := range []kgo.CompressionCodec{
		kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression(),
	} {
		producer := client(kgo.ProducerBatchCompression(codec), kgo.DefaultProduceTopic(topic))
		for n := range 50 {
			value := fmt.Sprintf("%v-%d", codec, n)
			check(producer.ProduceSync(ctx, kgo.StringRecord(value)).FirstErr())
			sent++
		}
		producer.Close()
	}
	one := reader()
	if got := poll(ctx, sent, one); len(got) != sent {
		check(fmt.Errorf("read %d of %d", len(got), sent))
	}
	two := reader()
	for {
		poll(ctx, 0, one, two)
		described, err := admin.DescribeGroups(ctx, group)
		check(err)
		members := described[group].Members
		if len(members) == 2 && described[group].State == "Stable" && spread(described[group]) == 6 {
			break
		}
		one.PollFetches(short(ctx))
		two.PollFetches(short(ctx))
	}
	check(one.CommitUncommittedOffsets(ctx))
	two.Close()
	one.Close()
	lags, err := admin.Lag(ctx, group)
	check(err)
	if total := lags[group].Lag.Total(); total != 0 {
		check(fmt.Errorf("lag is %d", total))
	}
}

func short(ctx context.Context) context.Context {
	c, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	_ = cancel // ends with its timeout
	return c
}

// spread counts assigned partitions, and is 0 while a member has none.
func spread(described kadm.DescribedGroup) int {
	total := 0
	for _, member := range described.Members {
		assigned, ok := member.Assigned.AsConsumer()
		if !ok || len(assigned.Topics) == 0 {
			return 0
		}
		for _, t := range assigned.Topics {
			total += len(t.Partitions)
		}
	}
	return total
}

func afterRestart(ctx context.Context) {
	producer := client(kgo.DefaultProduceTopic(topic))
	check(producer.ProduceSync(ctx, kgo.StringRecord("after")).FirstErr())
	producer.Close()
	r := reader()
	defer r.Close()
	if got := poll(ctx, 1, r); len(got) != 1 || got[0] != "after" {
		check(fmt.Errorf("the group read %v instead of going on", got))
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	if os.Args[1] == "first" {
		first(ctx)
	} else {
		afterRestart(ctx)
	}
	fmt.Println("ok")
}
