package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
	"github.com/hardening-sdk/hardening/inventory/storage/swaps"
)

// Swap is one swap area: a file or partition that memory is written to.
type Swap struct {
	inventory.Position

	Name string // as the source writes it: /dev/dm-1, UUID=...
	Type string // file or partition on a running system; empty on an image
}

// Swapping is the swap areas of a system.
type Swapping struct {
	// Live says that the areas are those of the running kernel, proc_swaps(5). Otherwise they are
	// those of etc/fstab and of units that start at boot.
	Live bool
	// Never says that the running kernel cannot swap, or that neither etc/fstab nor a unit has any.
	Never bool
	Swaps []Swap
	// Whole says of an image that etc/fstab mounts its root. Then there are no areas beside Swaps
	// and those that Units, unit files of the image, may add (systemd.swap(5)).
	Whole bool
	Units []string
}

// Fact is the swap areas of the system.
var Fact = inventory.NewFact("swapping", collect)

func collect(ctx context.Context, s *inventory.System) (Swapping, error) {
	if s.Live() {
		return readRunning(ctx, s)
	}
	return readConfigured(ctx, s)
}

// readRunning returns the areas of the running kernel.
func readRunning(ctx context.Context, s *inventory.System) (Swapping, error) {
	all, err := swaps.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return Swapping{Live: true, Never: true}, nil
	}
	if err != nil {
		return Swapping{}, err
	}
	y := Swapping{Live: true}
	for _, a := range all {
		y.Swaps = append(y.Swaps, Swap{Name: a.Name, Type: a.Type,
			Position: inventory.Position{Source: swaps.File, Line: a.Line}})
	}
	return y, nil
}

// readConfigured returns the areas of etc/fstab and the units that may add others.
func readConfigured(ctx context.Context, s *inventory.System) (Swapping, error) {
	lines, err := fstab.Fact.Of(ctx, s)
	if err != nil {
		return Swapping{}, err
	}
	y := Swapping{Whole: slices.ContainsFunc(lines, func(l fstab.Entry) bool { return l.Target == "." })}
	for _, l := range lines {
		if l.Type == "swap" {
			if len(y.Swaps) == swaps.MaxAreas {
				return Swapping{}, fmt.Errorf("%s:%d: more than %d areas: %w", l.Source, l.Line, swaps.MaxAreas, inventory.ErrLimit)
			}
			y.Swaps = append(y.Swaps, Swap{Name: l.Device, Position: l.Position})
		}
	}
	units, err := systemd.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return Swapping{}, err
	}
	if err == nil {
		y.addUnits(units)
	}
	y.Never = len(lines) == 0 && len(y.Swaps) == 0 && len(y.Units) == 0
	return y, nil
}

// addUnits adds the areas of units that start at boot, and the units that may start later.
func (y *Swapping) addUnits(units *systemd.Units) {
	for _, u := range units.All {
		if !strings.HasSuffix(u.Name, ".swap") || u.Load == systemd.LoadMasked || u.Name != u.ID {
			continue
		}
		what, set := u.Lookup("Swap", "What")
		if runs, err := units.Runs(u.Name); set && runs && err == nil && len(y.Swaps) < swaps.MaxAreas {
			y.Swaps = append(y.Swaps, Swap{Name: what.Text, Position: what.Position})
		} else {
			y.Units = append(y.Units, u.Path)
		}
	}
}

// EncryptedSwap reports whether what is written to an area of [Fact] is encrypted or stays in
// memory. If that is not known, the error is [inventory.ErrUnavailable], or [inventory.ErrNotLive]
// on an image.
var EncryptedSwap = inventory.NewKeyed("encrypted swap", encryptsSwap)

// encryptsSwap looks at the running kernel or at what is configured.
func encryptsSwap(ctx context.Context, s *inventory.System, w Swap) (bool, error) {
	if s.Live() {
		return isSwapEncrypted(ctx, s, w)
	}
	ok, err := isPlanned(ctx, s, w.Name)
	if strings.HasPrefix(w.Name, "/dev/zram") {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s:%d: %w", w.Source, w.Line, err)
	}
	return ok, nil
}

// isSwapEncrypted looks at an area of the running kernel.
func isSwapEncrypted(ctx context.Context, s *inventory.System, w Swap) (bool, error) {
	if w.Type == "" || !strings.HasPrefix(w.Name, "/") || strings.Contains(w.Name, `\`) {
		return false, fmt.Errorf("%s:%d: not understood: %w", w.Source, w.Line, inventory.ErrUnavailable)
	}
	if w.Type == "file" {
		return isSwapFileEncrypted(ctx, s, w.Name)
	}
	device := path.Base(w.Name)
	if strings.HasPrefix(w.Name, "/dev/mapper/") {
		target, err := s.FS(ctx).ReadLink(w.Name[1:])
		if err != nil {
			return false, err
		}
		device = path.Base(target)
	}
	if strings.HasPrefix(device, "zram") {
		return isZramInMemory(ctx, s, device)
	}
	return crypttab.Encrypted.Of(ctx, s, device)
}

// isSwapFileEncrypted looks at the file system that a swap file is on.
func isSwapFileEncrypted(ctx context.Context, s *inventory.System, name string) (bool, error) {
	t, err := mounts.Fact.Of(ctx, s)
	if err != nil {
		return false, err
	}
	m, ok := mountOf(t, name[1:])
	if !ok {
		return false, fmt.Errorf("what %s lies on is not told: %w", name, inventory.ErrUnavailable)
	}
	return isMountEncrypted(ctx, s, m)
}

// isZramInMemory reports whether a zram device keeps everything in memory
// (Documentation/admin-guide/blockdev/zram.rst). The error is [inventory.ErrUnavailable] if it
// writes to a disk too.
func isZramInMemory(ctx context.Context, s *inventory.System, device string) (bool, error) {
	name := "sys/class/block/" + device + "/backing_dev"
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if backing := strings.TrimSpace(string(b)); backing != "none" {
		return false, fmt.Errorf("%s writes to a disk as well: %w", device, inventory.ErrUnavailable)
	}
	return true, nil
}

// mountOf returns the mount that a file is on, and reports whether there is one.
func mountOf(t mounts.Table, name string) (mounts.Mount, bool) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if m, ok := t.At(dir); ok || dir == "." {
			return m, ok
		}
	}
}
