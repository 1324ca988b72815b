package modprobe

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// checkIndex returns an error if modules.dep.bin, which modprobe reads in the place of modules.dep,
// has other modules than that. Without it modprobe of kmod loads no module.
func checkIndex(ctx context.Context, s *inventory.System, release string, dep map[string]inventory.Position) error {
	for _, dir := range folders {
		name := dir + release + "/modules.dep.bin"
		b, err := s.ReadFile(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return err
		}
		all, err := parseIndex(b)
		if err != nil {
			return fmt.Errorf("%s: %w: %w", name, err, inventory.ErrUnavailable)
		}
		for _, m := range slices.Sorted(maps.Keys(all)) {
			if _, ok := dep[m]; !ok {
				return fmt.Errorf("%s has the module %s, which modules.dep has not: %w", name, m, inventory.ErrUnavailable)
			}
		}
		for _, m := range slices.Sorted(maps.Keys(dep)) {
			if !all[m] {
				return fmt.Errorf("%s lacks the module %s of modules.dep: %w", name, m, inventory.ErrUnavailable)
			}
		}
		return nil
	}
	return nil
}

// What depmod writes: a number that begins the file, its version, and where the first node is. The
// upper bits of the place of a node say what it has.
const (
	indexMagic   = 0xb007f457
	indexVersion = 2 // the upper half of the version
	nodePrefix   = 0x80000000
	nodeValues   = 0x40000000
	nodeChildren = 0x20000000
	nodePlace    = 0x0fffffff
	maxKey       = 4096
)

var errIndex = errors.New("no index of modules")

// index is a tree of texts that is being read.
type index struct {
	b     []byte
	nodes int // that may still be read
	all   map[string]bool
}

// parseIndex returns the names of the modules in an index, those of their files too.
func parseIndex(b []byte) (map[string]bool, error) {
	if len(b) < 12 || binary.BigEndian.Uint32(b) != indexMagic || binary.BigEndian.Uint16(b[4:]) != indexVersion {
		return nil, errIndex
	}
	x := index{b: b, nodes: len(b) / 2, all: map[string]bool{}}
	if err := x.readNode(binary.BigEndian.Uint32(b[8:]), nil); err != nil {
		return nil, err
	}
	return x.all, nil
}

// readNode reads a node and those below it. Each node takes two bytes at least, so that a tree
// cannot have more of them.
func (x *index) readNode(place uint32, key []byte) error {
	at := int(place & nodePlace)
	if x.nodes--; x.nodes < 0 || at < 12 || at >= len(x.b) {
		return errIndex
	}
	rest := x.b[at:]
	if place&nodePrefix != 0 {
		prefix, after, ok := bytes.Cut(rest, []byte{0})
		if key, rest = append(key, prefix...), after; !ok || len(key) > maxKey {
			return errIndex
		}
	}
	if place&nodeChildren != 0 {
		if len(rest) < 2 || rest[0] > rest[1] {
			return errIndex
		}
		first, n := int(rest[0]), int(rest[1])-int(rest[0])+1
		if rest = rest[2:]; len(rest) < 4*n || len(key) == maxKey {
			return errIndex
		}
		for i := range n {
			child := binary.BigEndian.Uint32(rest[4*i:])
			if child&nodePlace == 0 {
				continue
			}
			if err := x.readNode(child, append(key, byte(first+i))); err != nil {
				return err
			}
		}
		rest = rest[4*n:]
	}
	if place&nodeValues != 0 {
		return x.readValues(rest, string(key))
	}
	return nil
}

// readValues reads the values of a key: a number of them, and of each its priority and the line of
// modules.dep.
func (x *index) readValues(b []byte, key string) error {
	if len(b) < 4 {
		return errIndex
	}
	n := binary.BigEndian.Uint32(b)
	b = b[4:]
	for ; n > 0; n-- {
		if len(b) < 4 {
			return errIndex
		}
		value, after, ok := bytes.Cut(b[4:], []byte{0})
		file, _, _ := strings.Cut(string(value), ":")
		if x.nodes--; !ok || x.nodes < 0 || moduleOf(file) == "" {
			return errIndex
		}
		x.all[Name(key)], x.all[moduleOf(file)] = true, true
		b = after
	}
	return nil
}
