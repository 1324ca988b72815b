package bootloader

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// readExtlinux answers the configuration of SYSLINUX or EXTLINUX (syslinux.txt and menu.txt of
// its documentation).
func readExtlinux(ctx context.Context, s *inventory.System, name string) (Loader, error) {
	l := Loader{Kind: "extlinux", Source: name, Lock: Lock{State: Open, Source: name, Why: "no master password is set"}}
	b, err := s.ReadFile(ctx, name)
	if err != nil {
		return l, err
	}
	global, menu, secret := "", false, false
	var e *Entry
	behind := "" // the name of the kernel, where parameters may stand too
	end := func() {
		if e != nil {
			e.Parameters = slices.Concat(kernel.ParseCommandLine(behind), e.Parameters)
			behind = ""
			l.Entries = append(l.Entries, *e)
		}
	}
	line := 0
	for text := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		line++
		f := strings.Fields(text)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		key, value := strings.ToUpper(f[0]), strings.Join(f[1:], " ")
		if key == "MENU" && len(f) > 1 {
			key, value = "MENU "+strings.ToUpper(f[1]), strings.Join(f[2:], " ")
			if key == "MENU MASTER" && len(f) > 2 {
				key, value = key+" "+strings.ToUpper(f[2]), strings.Join(f[3:], " ")
			}
		}
		switch key {
		case "LABEL":
			end()
			e = &Entry{Title: value, Source: name, Line: line, Parameters: kernel.ParseCommandLine(global)}
		case "KERNEL", "LINUX":
			behind = ""
			if e != nil && len(f) > 2 {
				behind = strings.Join(f[2:], " ")
			}
		case "APPEND":
			if value == "-" {
				value = ""
			}
			if e == nil {
				global = value
			} else {
				e.Parameters, e.Line = kernel.ParseCommandLine(value), line
			}
		case "UI", "DEFAULT":
			menu = menu || strings.Contains(strings.ToLower(value), "menu.c32")
		case "MENU MASTER PASSWD":
			secret = true
			l.Lock = Lock{State: Plain, Source: name, Line: line, Why: "the master password stands there as such"}
			if slices.ContainsFunc([]string{"$1$", "$4$", "$5$", "$6$"}, func(p string) bool { return strings.HasPrefix(value, p) }) {
				l.Lock.State, l.Lock.Why = Password, "the master password is hashed"
			}
		case "MENU PASSWD":
			secret = true
		case "INCLUDE", "MENU INCLUDE", "CONFIG":
			return l, fmt.Errorf("%s:%d: includes of this boot loader are not followed: %w", name, line, inventory.ErrUnavailable)
		}
	}
	end()
	if !menu && (l.Lock.State == Password || l.Lock.State == Plain) {
		l.Lock.State, l.Lock.Why = Open, "the master password is one of the menu, which is not used"
	}
	if secret {
		l.Secrets = []string{name}
	}
	return l, nil
}

// readSystemdBoot answers the configuration of systemd-boot in a folder, loader.conf(5).
func readSystemdBoot(ctx context.Context, s *inventory.System, dir string) (Loader, error) {
	name := dir + "/loader.conf"
	l := Loader{Kind: "systemd-boot", Source: name, Lock: Lock{State: Open, Source: name, Why: "the editor is on, which it is by default"}}
	b, err := s.ReadFile(ctx, name)
	if err != nil {
		return l, err
	}
	line := 0
	for text := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		line++
		key, value, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), "\t", " "), " ")
		if key != "editor" {
			continue
		}
		// The whole rest of the line is the value, and one that is none changes nothing.
		switch strings.Trim(strings.TrimSpace(value), `"'`) {
		case "no", "n", "false", "0":
			l.Lock = Lock{State: Nobody, Source: name, Line: line, Why: "the editor is off"}
		case "f", "off":
			l.Lock = Lock{Source: name, Line: line, Why: "only newer releases take this word"}
		case "yes", "y", "true", "1", "t", "on":
			l.Lock = Lock{State: Open, Source: name, Line: line, Why: "the editor is on"}
		}
	}
	if l.Entries, err = blsEntries(ctx, s, dir+"/entries", nil); err != nil {
		return l, err
	}
	if _, err := s.Lstat(ctx, "boot/loader/loader.conf"); isGone(err) { // entries of a partition of their own, XBOOTLDR of the specification
		more, err := blsEntries(ctx, s, "boot/loader/entries", nil)
		if err != nil {
			return l, err
		}
		l.Entries = append(l.Entries, more...)
	}
	images, err := s.Glob(ctx, strings.TrimSuffix(dir, "loader")+"EFI/Linux/*.efi")
	if err == nil && len(images) > 0 {
		err = fmt.Errorf("%s: the command line stands in the kernel's own file: %w", images[0], inventory.ErrUnavailable)
	}
	return l, err
}
