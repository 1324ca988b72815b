package sysctl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// dirs are the folders of sysctl.d(5). A file in one hides files of the same name in later ones.
var dirs = [...]string{"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"}

// Configured is the settings that systemd-sysctl(8) makes at boot, in the order in which it reads
// them: the files of all folders sorted by name, each from the first folder that has it. A link to
// /dev/null hides a name. etc/sysctl.conf counts only if a link in one of the folders leads to it,
// as on Debian releases before trixie.
var Configured = inventory.NewFact("sysctl.d", collect)

func collect(ctx context.Context, s *inventory.System) (Settings, error) {
	names, err := s.DropIns(ctx, ".conf", dirs[:]...)
	if err != nil {
		return nil, err
	}
	var all Settings
	var limit budget.Budget // of all files together
	for _, name := range names {
		b, err := s.ReadText(ctx, name)
		if inventory.IsAbsent(err, name) { // a dangling link
			continue
		}
		if err != nil {
			return nil, err
		}
		lines, _, err := parse(b, &limit) // systemd-sysctl ignores lines that are no assignment
		if err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
		for i := range lines {
			lines[i].Source = name
		}
		all = append(all, lines...)
	}
	return all, nil
}

// Fact is the setting of one key, in either of the forms net.ipv4.ip_forward and
// net/ipv4/ip_forward. Its Name has the second form, and its Value has one blank between numbers.
//
// On a running system the value is that of the kernel, and the Source is a file below proc/sys,
// without a line. The error is [inventory.ErrAbsent] if the kernel does not have the key.
//
// On an image the value is the one that systemd-sysctl(8) sets at boot, or ufw(8) after it, with the
// file and line. A key that another one sets as well, as net.ipv4.ip_forward does for the forwarding
// of all interfaces, has the last of these values. Numbers are written in decimal, whichever base the
// file has, as the kernel does. The
// error is [inventory.ErrNotLive] if no file sets the key, as the kernel then keeps its built-in
// value. It is [inventory.ErrUnavailable] if the image does not run systemd-sysctl.
var Fact = inventory.NewKeyed("sysctl", find)

func find(ctx context.Context, s *inventory.System, key string) (inventory.Setting, error) {
	key = Path(key)
	if !filetree.ValidName(key) {
		return inventory.Setting{}, fmt.Errorf("%q is no key: %w", key, fs.ErrInvalid)
	}
	if s.Live() {
		return readRunning(ctx, s, key)
	}
	if _, err := Configured.Of(ctx, s); err != nil {
		return inventory.Setting{}, err
	}
	if err := checkApplied(ctx, s); err != nil {
		return inventory.Setting{}, err
	}
	return atBoot(ctx, s, key)
}

// atBoot returns what the files set a key to.
func atBoot(ctx context.Context, s *inventory.System, key string) (inventory.Setting, error) {
	all, err := Configured.Of(ctx, s)
	if err != nil {
		return inventory.Setting{}, err
	}
	late, err := byUFW.Of(ctx, s)
	if err != nil {
		return inventory.Setting{}, err
	}
	a, ok := late.last(key)
	if !ok {
		a, ok = all.last(key)
	}
	if !ok {
		return inventory.Setting{}, fmt.Errorf("no file sets %s: %w", key, inventory.ErrNotLive)
	}
	return inventory.Setting{Name: key, Value: decimal(foldBlanks(a.Value)), Position: a.Position}, nil
}

// checkApplied returns an error if nothing is known to apply the files of an image: there is no
// systemd-sysctl, or it is masked.
func checkApplied(ctx context.Context, s *inventory.System) error {
	const service = "systemd-sysctl.service"
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return fmt.Errorf("without systemd it is not known in which order settings are applied: %w",
			inventory.ErrUnavailable)
	}
	if err != nil {
		return err
	}
	if u, ok := units.Unit(service); !ok || u.Load != systemd.Loaded {
		return fmt.Errorf("%s does not apply the settings: %w", service, inventory.ErrUnavailable)
	}
	return nil
}

// readRunning reads a key of the running kernel.
func readRunning(ctx context.Context, s *inventory.System, key string) (inventory.Setting, error) {
	name := "proc/sys/" + key
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return inventory.Setting{}, err // no proc/sys at all
		}
		return inventory.Setting{}, fmt.Errorf("the kernel has no %s: %w", key, inventory.ErrAbsent)
	}
	if err != nil {
		return inventory.Setting{}, err
	}
	return inventory.Setting{Name: key, Value: foldBlanks(string(b)), Position: inventory.Position{Source: name}}, nil
}

// foldBlanks replaces each run of blanks by one blank, and removes those around the value.
func foldBlanks(v string) string { return strings.Join(strings.Fields(v), " ") }

// decimal writes numbers in decimal, as the kernel tells them again: 0x10 and 020 are 16
// (proc_get_long in kernel/sysctl.c). What is not all numbers stays as it is.
func decimal(v string) string {
	words := strings.Fields(v)
	for i, w := range words {
		n, err := strconv.ParseInt(w, 0, 64)
		if err != nil || strings.ContainsAny(w, "_+bBoO") && !strings.HasPrefix(strings.ToLower(strings.TrimPrefix(w, "-")), "0x") {
			return v
		}
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, " ")
}
