// The script of the client suite by franz-go, whose members rebalance cooperatively.
package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"app.headwater/clients/promise"
)

const (
	topic = "go-orders"
	group = "go-readers"
)

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

type franz struct{ ctx context.Context }

func client(opts ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(promise.Seeds()...), kgo.ClientID("franz-suite")}, opts...)...)
}

func (f franz) admin(use func(*kadm.Client) error) error {
	c, err := client()
	if err != nil {
		return err
	}
	defer c.Close()
	return use(kadm.NewClient(c))
}

func (f franz) Create() error {
	return f.admin(func(admin *kadm.Client) error {
		created, err := admin.CreateTopic(f.ctx, promise.Partitions, 3, nil, topic)
		return errors.Join(err, created.Err)
	})
}

func (f franz) Produce(codec string, values []string) error {
	producer, err := client(kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(codecs[codec]))
	if err != nil {
		return err
	}
	defer producer.Close()
	var records []*kgo.Record
	for n, value := range values {
		records = append(records, kgo.KeyStringRecord(promise.Key(n), value))
	}
	return producer.ProduceSync(f.ctx, records...).FirstErr()
}

func (f franz) ReadPartition(partition int32) ([]string, error) {
	var end int64
	err := f.admin(func(admin *kadm.Client) error {
		ends, err := admin.ListEndOffsets(f.ctx, topic)
		found, _ := ends.Lookup(topic, partition)
		end = found.Offset
		return errors.Join(err, ends.Error())
	})
	if err != nil {
		return nil, err
	}
	from := map[int32]kgo.Offset{partition: kgo.NewOffset().AtStart()}
	reader, err := client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: from}))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var values []string
	for int64(len(values)) < end {
		fetches := reader.PollFetches(f.ctx)
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		fetches.EachRecord(func(record *kgo.Record) {
			if record.Partition != partition {
				err = fmt.Errorf("partition %d was read", record.Partition)
			}
			values = append(values, string(record.Value))
		})
	}
	return values, err
}

func (f franz) Committed() (total int64, err error) {
	err = f.admin(func(admin *kadm.Client) error {
		offsets, err := admin.FetchOffsets(f.ctx, group)
		offsets.Each(func(offset kadm.OffsetResponse) { total += offset.At })
		return errors.Join(err, offsets.Error())
	})
	return total, err
}

type member struct {
	*kgo.Client
	reader *promise.Reader
	stop   context.CancelFunc
	done   chan struct{}
}

func (f franz) Join() (promise.Member, error) {
	m := &member{reader: promise.NewReader(), done: make(chan struct{})}
	gone := func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
		m.reader.Revoked(partitions[topic])
	}
	var err error
	m.Client, err = client(
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			m.reader.Assigned(partitions[topic])
		}),
		kgo.OnPartitionsRevoked(func(ctx context.Context, c *kgo.Client, partitions map[string][]int32) {
			if err := c.CommitUncommittedOffsets(ctx); err != nil && ctx.Err() == nil {
				m.reader.Fail(err)
			}
			gone(ctx, c, partitions)
		}),
		kgo.OnPartitionsLost(gone),
	)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(f.ctx)
	m.stop = stop
	go m.read(ctx)
	return m, nil
}

func (m *member) read(ctx context.Context) {
	defer close(m.done)
	for ctx.Err() == nil {
		fetches := m.PollFetches(ctx)
		fetches.EachRecord(func(record *kgo.Record) { m.reader.Read(record.Value) })
		if err := fetches.Err(); err != nil && ctx.Err() == nil {
			m.reader.Fail(err)
		}
	}
}

func (m *member) Reader() *promise.Reader { return m.reader }

func (m *member) Leave() error {
	m.stop()
	<-m.done
	err := m.CommitUncommittedOffsets(context.Background())
	m.Close()
	return err
}

func main() { promise.Keep(franz{context.Background()}) }
