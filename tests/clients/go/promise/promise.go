// Package promise is the script of the client suite: create, produce with every codec, read by assignment and by a
// group with a rebalance, read on after a restart. Each client of Go's world keeps it in its own words.
package promise

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// Partitions of the topic; it has three replicas.
	Partitions = 4
	// Records of one step: enough that every partition gets some by their keys.
	perStep = 50
	limit   = 60 * time.Second
)

// Codecs in the order of their numbers in a batch.
var Codecs = []string{"none", "gzip", "snappy", "lz4", "zstd"}

// Client is one library, set up for one topic and one group.
type Client interface {
	// Create makes the topic.
	Create() error
	// Produce sends values, each under the key of its place, and returns once all in-sync replicas have them.
	Produce(codec string, values []string) error
	// ReadPartition reads a partition from its start to its end as it is now, without a group.
	ReadPartition(partition int32) ([]string, error)
	// Join starts a member of the group, which reads until it leaves.
	Join() (Member, error)
	// Committed is the sum of the group's committed offsets.
	Committed() (int64, error)
}

// Member is a running member of the group.
type Member interface {
	// Leave commits what was read and leaves the group in order.
	Leave() error
	// Reader is what the member fills.
	Reader() *Reader
}

// Reader holds what one member alone has read and which partitions it has. Any goroutine may use it.
type Reader struct {
	mutex    sync.Mutex
	values   map[string]bool
	assigned map[int32]bool
	failed   error
}

// NewReader has read nothing.
func NewReader() *Reader {
	return &Reader{values: map[string]bool{}, assigned: map[int32]bool{}}
}

// Read notes a value.
func (r *Reader) Read(value []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.values[string(value)] = true
}

// Assigned notes that partitions came.
func (r *Reader) Assigned(partitions []int32) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, partition := range partitions {
		r.assigned[partition] = true
	}
}

// Revoked notes that partitions went.
func (r *Reader) Revoked(partitions []int32) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, partition := range partitions {
		delete(r.assigned, partition)
	}
}

// Fail ends the script with the first error of the member.
func (r *Reader) Fail(err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.failed == nil {
		r.failed = err
	}
}

func (r *Reader) seen() (map[string]bool, []int32, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return maps.Clone(r.values), slices.Sorted(maps.Keys(r.assigned)), r.failed
}

// Seeds are the bootstrap servers.
func Seeds() []string {
	return strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ",")
}

// Key of the value at a place.
func Key(place int) string {
	return fmt.Sprintf("key-%d", place)
}

// Keep goes through the phase that the command line names, prints ok, or ends the program with the reason.
func Keep(client Client) {
	keep := afterRestart
	if os.Args[1] == "first" {
		keep = first
	}
	if err := keep(client); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

func first(client Client) error {
	if err := client.Create(); err != nil {
		return err
	}
	var sent []string
	for _, codec := range Codecs {
		values, err := produce(client, codec, codec)
		if err != nil {
			return err
		}
		sent = append(sent, values...)
	}
	if err := readAssigned(client, sent); err != nil {
		return err
	}
	return rebalance(client, sent)
}

func afterRestart(client Client) error {
	after, err := produce(client, "none", "after")
	if err != nil {
		return err
	}
	one, err := client.Join()
	if err != nil {
		return err
	}
	if err := wait("what came after the restart", hasRead(after), one); err != nil {
		return err
	}
	if values, _, _ := one.Reader().seen(); len(values) != len(after) {
		return fmt.Errorf("the group read %d records instead of going on to %d", len(values), len(after))
	}
	return one.Leave()
}

func produce(client Client, codec, step string) ([]string, error) {
	var values []string
	for n := range perStep {
		values = append(values, fmt.Sprintf("%s-%d", step, n))
	}
	if err := client.Produce(codec, values); err != nil {
		return nil, fmt.Errorf("producing with %s: %w", codec, err)
	}
	return values, nil
}

// readAssigned reads each partition by itself; together they hold everything once.
func readAssigned(client Client, sent []string) error {
	var all []string
	for partition := range int32(Partitions) {
		values, err := client.ReadPartition(partition)
		if err != nil {
			return fmt.Errorf("reading partition %d: %w", partition, err)
		}
		if len(values) == 0 {
			return fmt.Errorf("partition %d is empty: keys do not spread", partition)
		}
		all = append(all, values...)
	}
	slices.Sort(all)
	if !slices.Equal(all, slices.Sorted(slices.Values(sent))) {
		return fmt.Errorf("by assignment %d values were read, %d were sent", len(all), len(sent))
	}
	return nil
}

// rebalance has one member read all, a second take its share and leave, and the first have all again.
func rebalance(client Client, sent []string) error {
	one, err := client.Join()
	if err != nil {
		return err
	}
	if err := wait("every record", hasRead(sent), one); err != nil {
		return err
	}
	two, err := client.Join()
	if err != nil {
		return err
	}
	if err := wait("half of the partitions for each", has(Partitions/2), one, two); err != nil {
		return err
	}
	both, err := produce(client, "none", "both")
	if err != nil {
		return err
	}
	if err := wait("the records, by both", hasRead(both), one, two); err != nil {
		return err
	}
	for _, member := range []Member{one, two} {
		if hasRead(both)(member) {
			return errors.New("one of the two members has read everything")
		}
	}
	if err := two.Leave(); err != nil {
		return err
	}
	if err := wait("all partitions for the one that stays", has(Partitions), one); err != nil {
		return err
	}
	alone, err := produce(client, "none", "alone")
	if err != nil {
		return err
	}
	if err := wait("what came when it was alone", hasRead(alone), one); err != nil {
		return err
	}
	if err := one.Leave(); err != nil {
		return err
	}
	committed, err := client.Committed()
	if total := int64(len(sent) + len(both) + len(alone)); err == nil && committed != total {
		err = fmt.Errorf("%d records are committed, %d were produced", committed, total)
	}
	return err
}

// hasRead holds if the members have read the values between them.
func hasRead(wanted []string) func(...Member) bool {
	return func(members ...Member) bool {
		all := map[string]bool{}
		for _, member := range members {
			values, _, _ := member.Reader().seen()
			maps.Copy(all, values)
		}
		return !slices.ContainsFunc(wanted, func(value string) bool { return !all[value] })
	}
}

// has holds if each member has count partitions and the members have all of them between them.
func has(count int) func(...Member) bool {
	return func(members ...Member) bool {
		all := map[int32]bool{}
		for _, member := range members {
			_, assigned, _ := member.Reader().seen()
			if len(assigned) != count {
				return false
			}
			for _, partition := range assigned {
				all[partition] = true
			}
		}
		return len(all) == Partitions
	}
}

func wait(what string, holds func(...Member) bool, members ...Member) error {
	for end := time.Now().Add(limit); !holds(members...); time.Sleep(20 * time.Millisecond) {
		var had [][]int32
		for _, member := range members {
			_, assigned, failed := member.Reader().seen()
			if failed != nil {
				return fmt.Errorf("while waiting for %s: %w", what, failed)
			}
			had = append(had, assigned)
		}
		if time.Now().After(end) {
			return fmt.Errorf("no time left while waiting for %s; assigned: %v", what, had)
		}
	}
	return nil
}
