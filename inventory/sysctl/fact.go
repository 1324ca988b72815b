package sysctl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/systemd"
)

// Setting is the value of one key and where it was read: below proc/sys on a running
// system, else the line that decides it.
type Setting struct {
	Key    string // as a path: net/ipv4/ip_forward
	Value  string // blanks between several numbers folded to one
	Source string
	Line   int // in Source, 0 below proc/sys
}

// dirs are where sysctl.d(5) files lie; one hides those of its name in later folders.
var dirs = [...]string{"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"}

// Configured is what systemd-sysctl(8) sets at boot: the files of all folders sorted by
// name, each name from the first folder that has it. A link to /dev/null hides a name.
// etc/sysctl.conf counts where a link in one of the folders leads to it, as on Debian
// releases before trixie.
var Configured = inventory.NewFact("sysctl.d", func(ctx context.Context, s *inventory.System) (Settings, error) {
	names, err := files(ctx, s)
	if err != nil {
		return nil, err
	}
	var all Settings
	for _, name := range names {
		b, err := s.ReadFile(ctx, name)
		if inventory.IsAbsent(err, name) { // a dangling link
			continue
		}
		if err != nil {
			return nil, err
		}
		lines, _ := Parse(b) // what is no assignment sets nothing
		for i := range lines {
			lines[i].Source = name
		}
		all = append(all, lines...)
	}
	return all, nil
})

// files answers the files that count in the order in which they are read.
func files(ctx context.Context, s *inventory.System) ([]string, error) {
	chosen := map[string]string{} // by last element
	for _, dir := range dirs {
		entries, err := s.ReadDir(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".conf") || strings.HasPrefix(e.Name(), ".") || chosen[e.Name()] != "" {
				continue
			}
			name := dir + "/" + e.Name()
			if masked, err := hidden(ctx, s, name, e); err != nil {
				return nil, err
			} else if masked {
				name = masking
			}
			chosen[e.Name()] = name
		}
	}
	var all []string
	for _, last := range sortedKeys(chosen) {
		if chosen[last] != masking {
			all = append(all, chosen[last])
		}
	}
	return all, nil
}

// masking stands for a name that a link to /dev/null hides.
const masking = "/dev/null"

func hidden(ctx context.Context, s *inventory.System, name string, e fs.DirEntry) (bool, error) {
	if e.Type()&fs.ModeSymlink == 0 {
		return false, nil
	}
	target, err := s.FS(ctx).ReadLink(name)
	return target == masking, err
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Fact is the setting of one key, in either of the forms net.ipv4.ip_forward and
// net/ipv4/ip_forward. On an image, a key that no file sets has the value that its kernel
// was built with: [inventory.ErrNotLive]; without systemd-sysctl the values of files are not
// known to be applied: [inventory.ErrUnavailable]. A key that the running kernel does not have is
// [inventory.ErrAbsent].
var Fact = inventory.NewKeyed("sysctl", func(ctx context.Context, s *inventory.System, key string) (Setting, error) {
	key = Path(key)
	if !inventory.ValidName(key) {
		return Setting{}, fmt.Errorf("%q is no key: %w", key, fs.ErrInvalid)
	}
	if s.Live() {
		return running(ctx, s, key)
	}
	all, err := Configured.Of(ctx, s)
	if err != nil {
		return Setting{}, err
	}
	if err := applied(ctx, s); err != nil {
		return Setting{}, err
	}
	a, ok := all.Lookup(key)
	if !ok {
		return Setting{}, fmt.Errorf("no file sets %s: %w", key, inventory.ErrNotLive)
	}
	return Setting{Key: key, Value: fold(a.Value), Source: a.Source, Line: a.Line}, nil
})

// applied says why nothing is known to apply the files of an image: it has no
// systemd-sysctl, or that is masked.
func applied(ctx context.Context, s *inventory.System) error {
	const service = "systemd-sysctl.service"
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return fmt.Errorf("without systemd it is not known in which order settings are applied: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return err
	}
	if u, ok := units.Unit(service); !ok || u.Load != systemd.Loaded {
		return fmt.Errorf("%s does not apply the settings: %w", service, inventory.ErrUnavailable)
	}
	return nil
}

func running(ctx context.Context, s *inventory.System, key string) (Setting, error) {
	name := "proc/sys/" + key
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return Setting{}, err // no proc/sys at all
		}
		return Setting{}, fmt.Errorf("the kernel has no %s: %w", key, inventory.ErrAbsent)
	}
	if err != nil {
		return Setting{}, err
	}
	return Setting{Key: key, Value: fold(string(b)), Source: name}, nil
}

func fold(v string) string { return strings.Join(strings.Fields(v), " ") }
