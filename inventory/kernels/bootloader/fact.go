package bootloader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

var (
	grubFiles = []string{"boot/grub/grub.cfg", "boot/grub2/grub.cfg",
		"boot/efi/EFI/*/grub.cfg", "efi/EFI/*/grub.cfg"}
	extlinuxFiles = []string{"boot/extlinux.conf", "boot/extlinux/extlinux.conf", "boot/syslinux/syslinux.cfg",
		"boot/syslinux/extlinux.conf", "boot/syslinux.cfg"}
	loaderFolders = []string{"boot/loader", "boot/efi/loader", "efi/loader"}
)

// Fact is the list of the configurations of the boot loaders of a system. The error is
// [inventory.ErrAbsent] if the system has no kernel, as a container. It is
// [inventory.ErrUnavailable] if the system has a kernel but no known boot loader, or if GRUB has no
// grub.cfg yet.
var Fact = inventory.NewFact("boot loader", collect)

func collect(ctx context.Context, s *inventory.System) ([]Loader, error) {
	var all []Loader
	limit := new(budget.Budget) // of all loaders together
	for _, pattern := range grubFiles {
		names, err := s.Glob(ctx, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			l, main, err := readGRUB(ctx, s, name, limit)
			if err != nil {
				return nil, err
			}
			if main {
				all = append(all, l)
			}
		}
	}
	for _, pattern := range extlinuxFiles {
		names, err := s.Glob(ctx, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			l, err := readExtlinux(ctx, s, name, limit)
			if err != nil {
				return nil, err
			}
			all = append(all, l)
		}
	}
	for _, dir := range loaderFolders {
		_, err := s.Lstat(ctx, dir+"/loader.conf")
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		l, err := readSystemdBoot(ctx, s, dir, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return nil, explainNone(ctx, s)
	}
	return all, nil
}

// explainNone returns the error that says why there is no configuration.
func explainNone(ctx context.Context, s *inventory.System) error {
	images, err := s.Glob(ctx, "boot/vmlinu*")
	if err != nil {
		return err
	}
	k, err := kernel.Fact.Of(ctx, s)
	if err != nil {
		return err
	}
	_, err = s.Lstat(ctx, "etc/default/grub")
	if err != nil && !isGone(err) {
		return err
	}
	if len(images) == 0 && len(k.Installed) == 0 && err != nil {
		return fmt.Errorf("there is no kernel to boot: %w", inventory.ErrAbsent)
	}
	return fmt.Errorf("no configuration of GRUB, EXTLINUX or systemd-boot is below boot: %w", inventory.ErrUnavailable)
}

// isGone reports whether a name does not exist.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist)
}
