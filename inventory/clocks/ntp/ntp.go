// Package ntp reads from which servers three daemons take the time: ntpd of ntp.org (etc/ntp.conf)
// and of NTPsec (etc/ntpsec/ntp.conf), ntp.conf(5), and OpenNTPD (etc/openntpd/ntpd.conf or
// etc/ntpd.conf), ntpd.conf(5). A line that is not understood is ignored, as ntpd does. OpenNTPD
// does not start with such a line, which this package does not detect.
package ntp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// The daemons whose configuration [Fact] reads, as its keys.
const (
	Org   = "ntp"      // etc/ntp.conf
	Sec   = "ntpsec"   // etc/ntpsec/ntp.conf and etc/ntpsec/ntp.d
	OpenD = "openntpd" // etc/openntpd/ntpd.conf, or etc/ntpd.conf
)

// files are the files of each daemon, of which the first one that exists is read.
var files = map[string][]string{
	Org:   {"etc/ntp.conf"},
	Sec:   {"etc/ntpsec/ntp.conf"},
	OpenD: {"etc/openntpd/ntpd.conf", "etc/ntpd.conf"},
}

const (
	maxDepth = 5 // includes in includes, the limit of ntpd
	maxFiles = 1000
)

// Fact is the list of the sources of one daemon. The Name of each is its directive, and the Value
// is the server. The error is [inventory.ErrAbsent] if the file of the daemon is missing.
var Fact = inventory.NewKeyed("ntp", collect)

func collect(ctx context.Context, s *inventory.System, daemon string) ([]inventory.Setting, error) {
	for _, name := range files[daemon] {
		_, err := s.Stat(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r := &reader{ctx: ctx, s: s}
		if err := r.read(name, 0); err != nil {
			return nil, err
		}
		if daemon == Sec {
			err = r.readFolder(path.Dir(name) + "/ntp.d")
		}
		return r.all, err
	}
	return nil, fmt.Errorf("no configuration of %s: %w", daemon, inventory.ErrAbsent)
}

// reader reads a file and those that it includes.
type reader struct {
	ctx   context.Context
	s     *inventory.System
	all   []inventory.Setting
	files int // how many were read
}

// readFolder reads the files *.conf of a folder.
func (r *reader) readFolder(dir string) error {
	names, err := r.s.DropIns(r.ctx, ".conf", dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := r.read(name, 1); err != nil {
			return err
		}
	}
	return nil
}

// read reads one file.
func (r *reader) read(name string, depth int) error {
	if r.files++; depth > maxDepth || r.files > maxFiles {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	b, err := r.s.ReadText(r.ctx, name)
	if err != nil {
		return err
	}
	sources, includes := Parse(b)
	for _, s := range sources {
		s.Source = name
		r.all = append(r.all, s)
	}
	for _, i := range includes {
		if !strings.HasPrefix(i.Value, "/") {
			return fmt.Errorf("%s:%d: the name of an included file is not absolute", name, i.Line)
		}
		err := r.read(strings.TrimPrefix(path.Clean(i.Value), "/"), depth+1)
		if err != nil && !errors.Is(err, inventory.ErrNotLive) {
			return err
		}
	}
	return nil
}

// Parse returns the sources in the text of a file, and the files that it includes. The Name of each
// is its directive, and the Source is left empty. A source with the option noselect is left out,
// since the clock does not follow it, and so is the local clock, 127.127.1.x.
func Parse(b []byte) (sources, includes []inventory.Setting) {
	n := 0
	for text := range bytes.SplitSeq(b, []byte{'\n'}) {
		n++
		line, _, _ := strings.Cut(string(text), "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		name, args := words[0], words[1:]
		for len(args) > 1 && strings.HasPrefix(args[0], "-") { // -4 and -6
			args = args[1:]
		}
		v := inventory.Setting{Name: name, Value: strings.Trim(args[0], `"`), Position: inventory.Position{Line: n}}
		switch name {
		case "includefile":
			includes = append(includes, v)
		case "server", "servers", "pool", "peer", "manycastclient", "refclock", "sensor":
			isLocal := strings.HasPrefix(v.Value, "127.127.1.") || v.Value == "local"
			if !isLocal && !slices.Contains(args, "noselect") {
				sources = append(sources, v)
			}
		}
	}
	return sources, includes
}
