package sysctl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// dirs are where sysctl.d(5) files lie; one hides those of its name in later folders.
var dirs = [...]string{"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"}

// Configured is what systemd-sysctl(8) sets at boot: the files of all folders sorted by
// name, each name from the first folder that has it. A link to /dev/null hides a name.
// etc/sysctl.conf counts where a link in one of the folders leads to it, as on Debian
// releases before trixie.
var Configured = inventory.NewFact("sysctl.d", func(ctx context.Context, s *inventory.System) (Settings, error) {
	names, err := s.DropIns(ctx, ".conf", dirs[:]...)
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

// Fact is the setting of one key, in either of the forms net.ipv4.ip_forward and
// net/ipv4/ip_forward: its Name is the second one, its Value has blanks between several
// numbers folded to one, and its Source is below proc/sys on a running system, without a
// line. On an image, a key that no file sets has the value that its kernel
// was built with: [inventory.ErrNotLive]; without systemd-sysctl the values of files are not
// known to be applied: [inventory.ErrUnavailable]. A key that the running kernel does not have is
// [inventory.ErrAbsent].
var Fact = inventory.NewKeyed("sysctl", func(ctx context.Context, s *inventory.System, key string) (inventory.Setting, error) {
	key = Path(key)
	if !filetree.ValidName(key) {
		return inventory.Setting{}, fmt.Errorf("%q is no key: %w", key, fs.ErrInvalid)
	}
	if s.Live() {
		return running(ctx, s, key)
	}
	all, err := Configured.Of(ctx, s)
	if err != nil {
		return inventory.Setting{}, err
	}
	if err := applied(ctx, s); err != nil {
		return inventory.Setting{}, err
	}
	a, ok := all.Lookup(key)
	if !ok {
		return inventory.Setting{}, fmt.Errorf("no file sets %s: %w", key, inventory.ErrNotLive)
	}
	return inventory.Setting{Name: key, Value: fold(a.Value), Source: a.Source, Line: a.Line}, nil
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

func running(ctx context.Context, s *inventory.System, key string) (inventory.Setting, error) {
	name := "proc/sys/" + key
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return inventory.Setting{}, err // no proc/sys at all
		}
		return inventory.Setting{}, fmt.Errorf("the kernel has no %s: %w", key, inventory.ErrAbsent)
	}
	if err != nil {
		return inventory.Setting{}, err
	}
	return inventory.Setting{Name: key, Value: fold(string(b)), Source: name}, nil
}

func fold(v string) string { return strings.Join(strings.Fields(v), " ") }
