// What `cargo xtask bench groups` measures, by franz-go: rebalances of large groups, many groups, commits,
// transactions and idle connections. `load <what>` prints one JSON object of figures.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"app.headwater/clients/promise"
)

// figures are named measurements; times are in milliseconds.
type figures map[string]float64

var measurements = map[string]func(context.Context) (figures, error){
	"classic":      func(ctx context.Context) (figures, error) { return rebalance(ctx, newClassic) },
	"consumer":     func(ctx context.Context) (figures, error) { return rebalance(ctx, newConsumer) },
	"groups":       groups,
	"commits":      commits,
	"transactions": transactions,
	"connections":  connections,
}

func client(opts ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(promise.Seeds()...)}, opts...)...)
}

// create makes a topic and returns its id.
func create(ctx context.Context, topic string, partitions int32) (kadm.TopicID, error) {
	c, err := client()
	if err != nil {
		return kadm.TopicID{}, err
	}
	defer c.Close()
	created, err := kadm.NewClient(c).CreateTopic(ctx, partitions, -1, nil, topic)
	if err != nil {
		return kadm.TopicID{}, err
	}
	return created.ID, created.Err
}

// each runs n goroutines and returns their first error.
func each(n int, run func(at int) error) error {
	ended := make(chan error, n)
	for at := range n {
		go func() { ended <- run(at) }()
	}
	var first error
	for range n {
		if err := <-ended; first == nil {
			first = err
		}
	}
	return first
}

// quantile of durations, in milliseconds.
func quantile(all []time.Duration, part float64) float64 {
	slices.Sort(all)
	return milliseconds(all[int(float64(len(all)-1)*part)])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	measure, known := measurements[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "load: no such measurement:", os.Args[1])
		os.Exit(2)
	}
	found, err := measure(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	line, _ := json.Marshal(found)
	fmt.Println(string(line))
}
