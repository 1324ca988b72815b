// Package kconfig reads how the kernels of a system were built. It reads the configuration files
// boot/config-RELEASE and lib/modules/RELEASE/config (Documentation/kbuild/kconfig.rst), and
// proc/config.gz of the running kernel (proc_config.gz(5)).
package kconfig

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// Option is the value of one option.
type Option struct {
	inventory.Position

	Value string // y, m, n for "is not set", a number, or a text without its quotes
}

// Config is the configuration of one kernel. If an option has no entry, the kernel, its
// architecture or its other options do not offer it.
type Config struct {
	inventory.Position

	Release string

	Options map[string]Option // by name without CONFIG_
}

// Fact is the list of the configurations of the running kernel and of all installed ones, sorted by
// release. The error is [inventory.ErrAbsent] if the system has no kernel, and
// [inventory.ErrUnavailable] if the configuration of a kernel is missing.
var Fact = inventory.NewFact("kernel configuration", collect)

func collect(ctx context.Context, s *inventory.System) ([]Config, error) {
	k, err := kernel.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	installed, err := modprobe.Kernels.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []Config
	if k.Running != "" {
		c, err := readRunning(ctx, s, k.Running)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	for _, m := range installed {
		if m.Release == k.Running {
			continue
		}
		c, err := readInstalled(ctx, s, m.Release)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		images, err := s.Glob(ctx, "boot/vmlinu*")
		if err == nil && len(images) > 0 {
			err = fmt.Errorf("%s: how it was built is not here: %w", images[0], inventory.ErrUnavailable)
		} else if err == nil {
			err = fmt.Errorf("no kernel is installed: %w", inventory.ErrAbsent)
		}
		return nil, err
	}
	slices.SortFunc(all, func(a, b Config) int { return strings.Compare(a.Release, b.Release) })
	return all, nil
}

// proc is the configuration that the running kernel shows if it has CONFIG_IKCONFIG_PROC.
const proc = "proc/config.gz"

// readRunning reads proc, or the file of the release if the kernel does not show its configuration.
func readRunning(ctx context.Context, s *inventory.System, release string) (Config, error) {
	b, err := s.ReadFile(ctx, proc)
	if inventory.IsAbsent(err, proc) {
		return readInstalled(ctx, s, release)
	}
	if err != nil {
		return Config{}, err
	}
	if b, err = unpack(b); err != nil {
		return Config{}, fmt.Errorf("%s: %w", proc, err)
	}
	return parse(b, release, proc)
}

// maxSize bounds the unpacked configuration. It is sixty times the size of Debian's.
const maxSize = 16 << 20

// unpack unpacks a gzip file of at most maxSize bytes.
func unpack(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	b, err = io.ReadAll(io.LimitReader(r, maxSize+1))
	if err == nil && len(b) > maxSize {
		err = fmt.Errorf("more than %d bytes: %w", maxSize, inventory.ErrLimit)
	}
	return b, err
}

// readInstalled reads the first file with the configuration of a release.
func readInstalled(ctx context.Context, s *inventory.System, release string) (Config, error) {
	for _, name := range []string{
		"boot/config-" + release,
		"lib/modules/" + release + "/config",
		"usr/lib/modules/" + release + "/config",
	} {
		b, err := s.ReadText(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return Config{}, err
		}
		return parse(b, release, name)
	}
	return Config{}, fmt.Errorf("how the kernel %s was built is not here: %w", release, inventory.ErrUnavailable)
}

// parse reads a file, which must have one option at least.
func parse(b []byte, release, source string) (Config, error) {
	options, err := Parse(b)
	if err == nil && len(options) == 0 {
		err = errors.New("no options")
	}
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", source, err)
	}
	for name, o := range options {
		o.Source = source
		options[name] = o
	}
	return Config{inventory.Position{Source: source}, release, options}, nil
}

// Parse reads the text of a .config file (Documentation/kbuild/kconfig.rst) and returns the options
// by name without CONFIG_. Lines that are neither options nor comments, and an option with
// two values, are errors, reported together; then no options are returned.
func Parse(b []byte) (map[string]Option, error) {
	all := map[string]Option{}
	var bad mistakes.List
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s = strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
		if rest, ok := strings.CutPrefix(s, "# CONFIG_"); ok {
			if name, ok := strings.CutSuffix(rest, " is not set"); ok && isName(name) {
				all[name] = Option{inventory.Position{Line: line}, "n"}
			}
			continue
		}
		if s == "" || s[0] == '#' {
			continue
		}
		rest, ok := strings.CutPrefix(s, "CONFIG_")
		name, value, set := strings.Cut(rest, "=")
		if !ok || !set || !isName(name) || !valued.MatchString(value) {
			bad.Addf("line %d: no option", line)
			continue
		}
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
			if value == "y" || value == "m" || value == "n" {
				bad.Addf("line %d: a text in the place of y, m or n", line)
				continue
			}
		}
		if had, ok := all[name]; ok && had.Value != value {
			bad.Addf("line %d: %s has another value than in line %d", line, name, had.Line)
			continue
		}
		all[name] = Option{inventory.Position{Line: line}, value}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// valued is a value as the build of the kernel writes it (scripts/kconfig/confdata.c): y, m, n, a number, or a
// text in quotes.
var valued = regexp.MustCompile(`^(?:[ymn]|-?[0-9]+|0[xX][0-9A-Fa-f]+|"(?:[^"\\]|\\.)*")$`)

// isName reports whether a text may be the name of an option.
func isName(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
