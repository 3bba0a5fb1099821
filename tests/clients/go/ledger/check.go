package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// book is what a journal says in the end.
type book struct {
	// How many numbers of each partition are acknowledged.
	numbers      [partitions]int64
	transactions map[int]transaction
}

// transaction is how one ended, and how many copies were acknowledged in it.
type transaction struct {
	end    string
	copies int
}

func readJournal(path string) (*book, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b := &book{transactions: map[int]transaction{}}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var word string
		var a, c, number int64
		switch words, _ := fmt.Sscan(lines.Text(), &word, &a, &c, &number); {
		case word == "acknowledged" && words == 4 && a < partitions && c == number && c == b.numbers[a]:
			b.numbers[a]++
		case (word == committed || word == aborted || word == doubtful) && words == 3:
			b.transactions[int(a)] = transaction{word, int(c)}
		default:
			return nil, fmt.Errorf("%s: after %v numbers: %q", path, b.numbers, lines.Text())
		}
	}
	return b, nil
}

func check(ctx context.Context, path string) error {
	b, err := readJournal(path)
	if err != nil {
		return err
	}
	for isCommitted, name := range map[bool]string{false: "read_uncommitted", true: "read_committed"} {
		if err := b.checkNumbers(ctx, isCommitted); err != nil {
			return fmt.Errorf("%s by %s: %w", ledgerTopic, name, err)
		}
		if err := b.checkCopies(ctx, isCommitted); err != nil {
			return fmt.Errorf("%s by %s: %w", copiesTopic, name, err)
		}
	}
	err = administer(func(admin *kadm.Client) error {
		offsets, err := committedOffsets(ctx, admin)
		if err == nil && offsets != b.numbers {
			err = fmt.Errorf("%v, where %v numbers are copied", offsets, b.numbers)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("the group's offsets: %w", err)
	}
	ends := map[string]int{}
	for _, transaction := range b.transactions {
		ends[transaction.end]++
	}
	fmt.Printf("ok: %v numbers; transactions: %d committed, %d aborted, %d in doubt\n",
		b.numbers, ends[committed], ends[aborted], ends[doubtful])
	return nil
}

// checkNumbers finds the number n at every offset n, as many as are acknowledged: none lost, none twice, in order.
func (b *book) checkNumbers(ctx context.Context, isCommitted bool) error {
	var due [partitions]int64
	err := read(ctx, ledgerTopic, isCommitted, func(record *kgo.Record) error {
		at := record.Partition
		if string(record.Value) != strconv.FormatInt(due[at], 10) || record.Offset != due[at] {
			return fmt.Errorf("%s, where %d is due", record.Value, due[at])
		}
		due[at]++
		return nil
	})
	if err == nil && due != b.numbers {
		err = fmt.Errorf("%v numbers are there, %v acknowledged", due, b.numbers)
	}
	return err
}

// checkCopies finds all copies of each transaction. By read_committed none is of an aborted one, and together they are
// all numbers, each once and in order.
func (b *book) checkCopies(ctx context.Context, isCommitted bool) error {
	var due [partitions]int64
	found := map[int]int{}
	err := read(ctx, copiesTopic, isCommitted, func(record *kgo.Record) error {
		var number int64
		var id int
		if _, err := fmt.Sscan(string(record.Value), &number, &id); err != nil {
			return fmt.Errorf("%q is no copy: %w", record.Value, err)
		}
		found[id]++
		end := b.transactions[id].end
		if end == "" || isCommitted && (end == aborted || number != due[record.Partition]) {
			return fmt.Errorf("%d of the %s transaction %d, where %d is due", number, end, id, due[record.Partition])
		}
		due[record.Partition]++
		return nil
	})
	for id, transaction := range b.transactions {
		isDue := transaction.end == committed || transaction.end == aborted && !isCommitted
		if err == nil && isDue && found[id] < transaction.copies {
			err = fmt.Errorf("%d copies of transaction %d: %v", found[id], id, transaction)
		}
	}
	if err == nil && isCommitted && due != b.numbers {
		err = fmt.Errorf("%v numbers are copied of %v", due, b.numbers)
	}
	return err
}

// read shows every record up to the ends of the partitions, each in the order of its offsets.
func read(ctx context.Context, topic string, isCommitted bool, see func(*kgo.Record) error) error {
	left, from := map[int32]int64{}, map[int32]kgo.Offset{}
	err := administer(func(admin *kadm.Client) error {
		ends, err := admin.ListEndOffsets(ctx, topic)
		ends.Each(func(end kadm.ListedOffset) {
			left[end.Partition], from[end.Partition] = end.Offset, kgo.NewOffset().AtStart()
		})
		return errors.Join(err, ends.Error())
	})
	if err != nil {
		return fmt.Errorf("asking for the ends: %w", err)
	}
	isolation := kgo.ReadUncommitted()
	if isCommitted {
		isolation = kgo.ReadCommitted()
	}
	reader, err := kgo.NewClient(options(
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: from}),
		kgo.FetchIsolationLevel(isolation),
		// The last record of a partition with transactions is a marker.
		kgo.KeepControlRecords(),
	)...)
	if err != nil {
		return err
	}
	defer reader.Close()
	for err == nil && len(left) > 0 {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return fmt.Errorf("reading up to %v: %w", left, err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			if err == nil && !record.Attrs.IsControl() {
				if err = see(record); err != nil {
					err = fmt.Errorf("partition %d, offset %d: %w", record.Partition, record.Offset, err)
				}
			}
			if record.Offset+1 >= left[record.Partition] {
				delete(left, record.Partition)
			}
		})
	}
	return err
}
