// The script of the client suite by segmentio/kafka-go, whose group gives each generation its partitions.
package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"app.headwater/clients/promise"
)

const (
	topic = "kafkago-orders"
	group = "kafkago-readers"
	// Instead of the seconds that it waits for more to send or to read, or to hear of a rebalance.
	soon = 100 * time.Millisecond
)

var codecs = map[string]kafka.Compression{
	"none": 0, "gzip": kafka.Gzip, "snappy": kafka.Snappy, "lz4": kafka.Lz4, "zstd": kafka.Zstd,
}

type client struct{ ctx context.Context }

func (client) api() *kafka.Client { return &kafka.Client{Addr: kafka.TCP(promise.Seeds()...)} }

func (c client) Create() error {
	topics := []kafka.TopicConfig{{Topic: topic, NumPartitions: promise.Partitions, ReplicationFactor: 3}}
	created, err := c.api().CreateTopics(c.ctx, &kafka.CreateTopicsRequest{Topics: topics})
	if err != nil {
		return err
	}
	return created.Errors[topic]
}

func (c client) Produce(codec string, values []string) error {
	writer := &kafka.Writer{
		Addr: kafka.TCP(promise.Seeds()...), Topic: topic, Balancer: &kafka.Hash{},
		RequiredAcks: kafka.RequireAll, Compression: codecs[codec], BatchTimeout: soon,
	}
	var records []kafka.Message
	for n, value := range values {
		records = append(records, kafka.Message{Key: []byte(promise.Key(n)), Value: []byte(value)})
	}
	return errors.Join(writer.WriteMessages(c.ctx, records...), writer.Close())
}

func (c client) ReadPartition(partition int32) ([]string, error) {
	conn, err := kafka.DialLeader(c.ctx, "tcp", promise.Seeds()[0], topic, int(partition))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	end, err := conn.ReadLastOffset()
	if err != nil {
		return nil, err
	}
	reader := partitionReader(int(partition))
	defer reader.Close()
	var values []string
	for int64(len(values)) < end {
		record, err := reader.ReadMessage(c.ctx)
		if err != nil {
			return nil, err
		}
		values = append(values, string(record.Value))
	}
	return values, nil
}

func partitionReader(partition int) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers: promise.Seeds(), Topic: topic, Partition: partition, MaxWait: soon,
	})
}

func (c client) Committed() (int64, error) {
	partitions := []int{0, 1, 2, 3}
	request := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: partitions}}
	offsets, err := c.api().OffsetFetch(c.ctx, request)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, partition := range offsets.Topics[topic] {
		total += partition.CommittedOffset
		err = errors.Join(err, partition.Error)
	}
	return total, errors.Join(err, offsets.Error)
}

type member struct {
	*kafka.ConsumerGroup
	reader  *promise.Reader
	reading sync.WaitGroup
	stop    context.CancelFunc
}

func (c client) Join() (promise.Member, error) {
	joined, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: group, Brokers: promise.Seeds(), Topics: []string{topic}, StartOffset: kafka.FirstOffset,
		HeartbeatInterval: 2 * soon,
	})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(c.ctx)
	m := &member{ConsumerGroup: joined, reader: promise.NewReader(), stop: stop}
	go func() {
		for {
			generation, err := joined.Next(ctx)
			if errors.Is(err, kafka.ErrGroupClosed) || ctx.Err() != nil {
				return
			}
			if err != nil {
				m.reader.Fail(err)
				return
			}
			m.begin(ctx, generation)
		}
	}()
	return m, nil
}

// begin reads every partition of a generation; kafka-go joins the next one when all of these have ended.
func (m *member) begin(left context.Context, generation *kafka.Generation) {
	for _, assignment := range generation.Assignments[topic] {
		m.reading.Add(1)
		m.reader.Assigned([]int32{int32(assignment.ID)})
		generation.Start(func(ctx context.Context) {
			defer m.reading.Done()
			defer m.reader.Revoked([]int32{int32(assignment.ID)})
			ctx, end := context.WithCancel(ctx)
			defer end()
			defer context.AfterFunc(left, end)()
			if err := m.read(ctx, generation, assignment); err != nil {
				m.reader.Fail(err)
			}
		})
	}
}

func (m *member) read(ctx context.Context, generation *kafka.Generation, assignment kafka.PartitionAssignment) error {
	reader := partitionReader(assignment.ID)
	defer reader.Close()
	if err := reader.SetOffset(assignment.Offset); err != nil {
		return err
	}
	for {
		record, err := reader.ReadMessage(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		m.reader.Read(record.Value)
		next := map[int]int64{assignment.ID: record.Offset + 1}
		// Refused if the group has gone on without this member; whoever has the partition then reads it again.
		if err := generation.CommitOffsets(map[string]map[int]int64{topic: next}); err != nil {
			return nil
		}
	}
}

func (m *member) Reader() *promise.Reader { return m.reader }

func (m *member) Leave() error {
	m.stop()
	m.reading.Wait()
	return m.Close()
}

func main() { promise.Keep(client{context.Background()}) }
