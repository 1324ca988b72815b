package bootloader

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// extlinux is the state in which a configuration is read.
type extlinux struct {
	loader Loader
	global string // the parameters that APPEND gives before the first entry
	entry  *Entry // the entry that is being read
	behind string // the parameters of the entry that stand behind the name of the kernel
	menu   bool   // the menu is used, which asks for passwords
	secret bool   // the file has a password
	limit  *budget.Budget
	over   error // the budget is used up
}

// readExtlinux reads a configuration of SYSLINUX or EXTLINUX (syslinux.txt and menu.txt of its
// documentation).
func readExtlinux(
	ctx context.Context, s *inventory.System, name string, limit *budget.Budget,
) (Loader, error) {
	x := extlinux{limit: limit, loader: Loader{Kind: "extlinux", Position: inventory.Position{Source: name},
		Lock: Lock{State: Open, Position: inventory.Position{Source: name}, Why: "no master password is set"}}}
	l := &x.loader
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return *l, err
	}
	line := 0
	for text := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		line++
		if text = strings.TrimSpace(text); text == "" || text[0] == '#' {
			continue
		}
		if err := x.readLine(strings.Fields(text), line); err != nil {
			return *l, err
		}
		if x.over != nil {
			return *l, fmt.Errorf("%s:%d: %w", name, line, x.over)
		}
	}
	if x.endEntry(); x.over != nil {
		return *l, fmt.Errorf("%s:%d: %w", name, line, x.over)
	}
	if !x.menu && (l.Lock.State == Password || l.Lock.State == Plain) {
		l.Lock.State, l.Lock.Why = Open, "the master password is one of the menu, which is not used"
	}
	if x.secret {
		l.Secrets = []string{name}
	}
	return *l, nil
}

// endEntry adds the entry that is being read, if there is one.
func (x *extlinux) endEntry() {
	if x.entry != nil {
		x.entry.Parameters = slices.Concat(x.parse(x.behind), x.entry.Parameters)
		x.behind = ""
		x.loader.Entries = append(x.loader.Entries, *x.entry)
	}
}

// parse reads a command line.
func (x *extlinux) parse(text string) kernel.Parameters { return parseWords(text, x.limit, &x.over) }

// cutKey returns the keyword of a line in upper case, such as "APPEND" or "MENU MASTER PASSWD", and
// its value.
func cutKey(f []string) (key, value string) {
	key, value = strings.ToUpper(f[0]), strings.Join(f[1:], " ")
	if key == "MENU" && len(f) > 1 {
		key, value = "MENU "+strings.ToUpper(f[1]), strings.Join(f[2:], " ")
		if key == "MENU MASTER" && len(f) > 2 {
			key, value = key+" "+strings.ToUpper(f[2]), strings.Join(f[3:], " ")
		}
	}
	return key, value
}

// readLine reads the words of one line.
func (x *extlinux) readLine(f []string, line int) error {
	name := x.loader.Source
	switch key, value := cutKey(f); key {
	case "LABEL":
		x.endEntry()
		if x.over == nil {
			x.over = x.limit.Items(1)
		}
		x.entry = &Entry{Title: value,
			Position: inventory.Position{Source: name, Line: line}, Parameters: x.parse(x.global)}
	case "KERNEL", "LINUX":
		x.behind = ""
		if x.entry != nil && len(f) > 2 {
			x.behind = strings.Join(f[2:], " ")
		}
	case "APPEND":
		if value == "-" {
			value = ""
		}
		if x.entry == nil {
			x.global = value
		} else {
			x.entry.Parameters, x.entry.Line = x.parse(value), line
		}
	case "UI", "DEFAULT":
		x.menu = x.menu || strings.Contains(strings.ToLower(value), "menu.c32")
	case "MENU MASTER PASSWD":
		x.secret = true
		x.loader.Lock = Lock{State: Plain,
			Position: inventory.Position{Source: name, Line: line}, Why: "the master password stands there as such"}
		if isHash(value) {
			x.loader.Lock.State, x.loader.Lock.Why = Password, "the master password is hashed"
		}
	case "MENU PASSWD":
		x.secret = true
	case "INCLUDE", "MENU INCLUDE", "CONFIG":
		return fmt.Errorf("%s:%d: includes of this boot loader are not followed: %w",
			name, line, inventory.ErrUnavailable)
	}
	return nil
}

// isHash reports whether a password is a hash that the menu of SYSLINUX knows.
func isHash(password string) bool {
	return slices.ContainsFunc([]string{"$1$", "$4$", "$5$", "$6$"}, func(p string) bool {
		return strings.HasPrefix(password, p)
	})
}

// readSystemdBoot reads the configuration of systemd-boot in a folder: loader.conf(5) and entries.
func readSystemdBoot(
	ctx context.Context, s *inventory.System, dir string, limit *budget.Budget,
) (Loader, error) {
	name := dir + "/loader.conf"
	l := Loader{Kind: "systemd-boot", Position: inventory.Position{Source: name},
		Lock: Lock{State: Open,
			Position: inventory.Position{Source: name}, Why: "the editor is on, which it is by default"}}
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return l, err
	}
	l.readEditor(string(b))
	if l.Entries, err = readBLS(ctx, s, dir+"/entries", nil, limit); err != nil {
		return l, err
	}
	// Further entries may stand on a partition of their own, XBOOTLDR of the specification.
	if _, err := s.Lstat(ctx, "boot/loader/loader.conf"); isGone(err) {
		more, err := readBLS(ctx, s, "boot/loader/entries", nil, limit)
		if err != nil {
			return l, err
		}
		l.Entries = append(l.Entries, more...)
	}
	// The command line of a unified kernel image stands in the image, which is not read.
	images, err := s.Glob(ctx, strings.TrimSuffix(dir, "loader")+"EFI/Linux/*.efi")
	if err == nil && len(images) > 0 {
		err = fmt.Errorf("%s: the command line stands in the kernel's own file: %w",
			images[0], inventory.ErrUnavailable)
	}
	return l, err
}

// readEditor sets the lock by the key "editor" of loader.conf. The value is the whole rest of the
// line, and a word that is not known changes nothing.
func (l *Loader) readEditor(text string) {
	line := 0
	for s := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line++
		key, value, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "\t", " "), " ")
		if key != "editor" {
			continue
		}
		switch strings.Trim(strings.TrimSpace(value), `"'`) {
		case "no", "n", "false", "0":
			l.Lock = Lock{State: Nobody,
				Position: inventory.Position{Source: l.Source, Line: line}, Why: "the editor is off"}
		case "f", "off":
			l.Lock = Lock{Position: inventory.Position{Source: l.Source, Line: line},
				Why: "only newer releases take this word"}
		case "yes", "y", "true", "1", "t", "on":
			l.Lock = Lock{State: Open,
				Position: inventory.Position{Source: l.Source, Line: line}, Why: "the editor is on"}
		}
	}
}
