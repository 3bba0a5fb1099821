// The script of the client suite by sarama, whose members rebalance all at once.
package main

import (
	"context"
	"errors"
	"time"

	"github.com/IBM/sarama"

	"app.headwater/clients/promise"
)

const (
	topic = "sarama-orders"
	group = "sarama-readers"
)

var codecs = map[string]sarama.CompressionCodec{
	"none":   sarama.CompressionNone,
	"gzip":   sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy,
	"lz4":    sarama.CompressionLZ4,
	"zstd":   sarama.CompressionZSTD,
}

type client struct{}

func config() *sarama.Config {
	config := sarama.NewConfig()
	config.ClientID = "sarama-suite"
	config.Version = sarama.MaxVersion
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Return.Successes = true
	config.Producer.Idempotent = true
	config.Net.MaxOpenRequests = 1
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Return.Errors = true
	// Instead of three seconds, to hear of a rebalance.
	config.Consumer.Group.Heartbeat.Interval = 200 * time.Millisecond
	config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{sarama.NewBalanceStrategySticky()}
	return config
}

func (client) Create() error {
	admin, err := sarama.NewClusterAdmin(promise.Seeds(), config())
	if err != nil {
		return err
	}
	defer admin.Close()
	return admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: promise.Partitions, ReplicationFactor: 3}, false)
}

func (client) Produce(codec string, values []string) error {
	with := config()
	with.Producer.Compression = codecs[codec]
	producer, err := sarama.NewSyncProducer(promise.Seeds(), with)
	if err != nil {
		return err
	}
	defer producer.Close()
	var records []*sarama.ProducerMessage
	for n, value := range values {
		key := sarama.StringEncoder(promise.Key(n))
		records = append(records, &sarama.ProducerMessage{Topic: topic, Key: key, Value: sarama.StringEncoder(value)})
	}
	return producer.SendMessages(records)
}

func (client) ReadPartition(partition int32) ([]string, error) {
	c, err := sarama.NewClient(promise.Seeds(), config())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	end, err := c.GetOffset(topic, partition, sarama.OffsetNewest)
	if err != nil {
		return nil, err
	}
	consumer, err := sarama.NewConsumerFromClient(c)
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	reader, err := consumer.ConsumePartition(topic, partition, sarama.OffsetOldest)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var values []string
	for int64(len(values)) < end {
		select {
		case record := <-reader.Messages():
			values = append(values, string(record.Value))
		case err := <-reader.Errors():
			return nil, err
		}
	}
	return values, nil
}

func (client) Committed() (int64, error) {
	admin, err := sarama.NewClusterAdmin(promise.Seeds(), config())
	if err != nil {
		return 0, err
	}
	defer admin.Close()
	var partitions []int32
	for partition := range int32(promise.Partitions) {
		partitions = append(partitions, partition)
	}
	offsets, err := admin.ListConsumerGroupOffsets(group, map[string][]int32{topic: partitions})
	if err != nil {
		return 0, err
	}
	var total int64
	for _, partition := range partitions {
		total += offsets.GetBlock(topic, partition).Offset
	}
	return total, nil
}

// member is what sarama calls back when a generation of the group begins, for each of its partitions, and at its end.
type member struct {
	sarama.ConsumerGroup
	reader *promise.Reader
	stop   context.CancelFunc
	done   chan struct{}
}

func (client) Join() (promise.Member, error) {
	joined, err := sarama.NewConsumerGroup(promise.Seeds(), group, config())
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	m := &member{joined, promise.NewReader(), stop, make(chan struct{})}
	go func() {
		for err := range joined.Errors() {
			m.reader.Fail(err)
		}
	}()
	go func() {
		defer close(m.done)
		for ctx.Err() == nil {
			if err := joined.Consume(ctx, []string{topic}, m); err != nil && ctx.Err() == nil {
				m.reader.Fail(err)
				return
			}
		}
	}()
	return m, nil
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.reader.Assigned(session.Claims()[topic])
	return nil
}

func (m *member) Cleanup(session sarama.ConsumerGroupSession) error {
	m.reader.Revoked(session.Claims()[topic])
	session.Commit()
	return nil
}

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for record := range claim.Messages() {
		m.reader.Read(record.Value)
		session.MarkMessage(record, "")
	}
	return nil
}

func (m *member) Reader() *promise.Reader { return m.reader }

func (m *member) Leave() error {
	m.stop()
	<-m.done
	return errors.Join(m.Close())
}

func main() { promise.Keep(client{}) }
