package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"app.headwater/clients/promise"
)

const (
	manyGroups = 1_000
	committers = 10
	producers  = 10
	idle       = 10_000
	// What is measured steadily is measured this long.
	span = 10 * time.Second
)

// groups forms many groups of one member each.
func groups(ctx context.Context) (figures, error) {
	if _, err := create(ctx, bigTopic, 1); err != nil {
		return nil, err
	}
	begun := time.Now()
	err := each(manyGroups, func(at int) error {
		member, err := joinClassic(fmt.Sprintf("group-%d", at))
		if err != nil {
			return err
		}
		defer member.Close()
		for generation := int32(0); generation <= 0; {
			if generation, _, err = patiently(ctx, member); err != nil {
				return err
			}
		}
		return nil
	})
	return figures{"form_ms": milliseconds(time.Since(begun))}, err
}

// timed calls once from each of several goroutines, which makes topics and groups, then repeatedly for the span, and
// returns how often and how long.
func timed(callers int, call func(caller, n int) error) (figures, error) {
	if err := each(callers, func(caller int) error { return call(caller, 0) }); err != nil {
		return nil, err
	}
	var mutex sync.Mutex
	var took []time.Duration
	begun := time.Now()
	err := each(callers, func(caller int) error {
		var mine []time.Duration
		for n := 0; time.Since(begun) < span; n++ {
			from := time.Now()
			if err := call(caller, n); err != nil {
				return err
			}
			mine = append(mine, time.Since(from))
		}
		mutex.Lock()
		defer mutex.Unlock()
		took = append(took, mine...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	rate := float64(len(took)) / time.Since(begun).Seconds()
	return figures{"per_second": rate, "p50_ms": quantile(took, 0.5), "p99_ms": quantile(took, 0.99)}, nil
}

// commits has groups commit one offset after the other.
func commits(ctx context.Context) (figures, error) {
	if _, err := create(ctx, bigTopic, 1); err != nil {
		return nil, err
	}
	clients := make([]*kadm.Client, committers)
	for at := range clients {
		c, err := client()
		if err != nil {
			return nil, err
		}
		clients[at] = kadm.NewClient(c)
	}
	commit := func(caller, n int) error {
		var offsets kadm.Offsets
		offsets.AddOffset(bigTopic, 0, int64(n), -1)
		return clients[caller].CommitAllOffsets(ctx, fmt.Sprintf("committer-%d", caller), offsets)
	}
	return timed(committers, commit)
}

// transactions has producers commit transactions of one record, one after the other.
func transactions(ctx context.Context) (figures, error) {
	if _, err := create(ctx, bigTopic, 6); err != nil {
		return nil, err
	}
	clients := make([]*kgo.Client, producers)
	for at := range clients {
		var err error
		id := kgo.TransactionalID(fmt.Sprintf("producer-%d", at))
		if clients[at], err = client(id, kgo.DefaultProduceTopic(bigTopic), kgo.ProducerLinger(0)); err != nil {
			return nil, err
		}
	}
	transact := func(caller, _ int) error {
		producer := clients[caller]
		if err := producer.BeginTransaction(); err != nil {
			return err
		}
		if err := producer.ProduceSync(ctx, kgo.StringRecord("a record of a transaction")).FirstErr(); err != nil {
			return err
		}
		return producer.EndTransaction(ctx, kgo.TryCommit)
	}
	return timed(producers, transact)
}

// connections opens many that have said who they are, and keeps them until its input ends.
func connections(ctx context.Context) (figures, error) {
	request := kmsg.NewPtrApiVersionsRequest()
	request.Version, request.ClientSoftwareName, request.ClientSoftwareVersion = 3, "load", "1"
	hello := kmsg.NewRequestFormatter(kmsg.FormatterClientID("idle")).AppendRequest(nil, request, 1)
	seeds := promise.Seeds()
	open := make([]net.Conn, idle)
	err := each(committers, func(worker int) error {
		for at := worker; at < idle; at += committers {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", seeds[at%len(seeds)])
			if err != nil {
				return err
			}
			open[at] = conn
			if err := greet(conn, hello); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	fmt.Println("open")
	_, err = io.Copy(io.Discard, os.Stdin)
	return figures{"connections": idle}, err
}

func greet(conn net.Conn, hello []byte) error {
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	head := make([]byte, 10)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	size := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	if _, err := io.CopyN(io.Discard, conn, int64(size-6)); err != nil {
		return err
	}
	return kerr.ErrorForCode(int16(head[8])<<8 | int16(head[9]))
}
