// Package useradd reads what useradd(8) gives to new accounts, from etc/default/useradd.
package useradd

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Settings is the settings by name, those that the program has of its own included where
// useradd(8) tells them.
type Settings map[string]inventory.Setting

const file = "etc/default/useradd"

var programs = []string{"usr/sbin/useradd", "sbin/useradd"}

// own is what the program has where the file sets nothing. An account is never disabled
// after its password has expired (-1), and does not expire.
var own = map[string]string{"INACTIVE": "-1", "EXPIRE": "", "GROUP": "100", "HOME": "/home", "SKEL": "/etc/skel"}

// Fact is the settings of the system. Without the program, as with BusyBox alone, it answers
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("useradd", func(ctx context.Context, s *inventory.System) (Settings, error) {
	if there, err := installed(ctx, s); err != nil {
		return nil, err
	} else if !there {
		return nil, fmt.Errorf("no useradd: %w", inventory.ErrAbsent)
	}
	all := Settings{}
	for name, value := range own {
		all[name] = inventory.Setting{Name: name, Value: value}
	}
	b, err := s.ReadFile(ctx, file)
	if inventory.IsAbsent(err, file) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	for name, x := range Parse(b) {
		x.Source = file
		all[name] = x
	}
	return all, nil
})

func installed(ctx context.Context, s *inventory.System) (bool, error) {
	for _, name := range programs {
		_, err := s.Stat(ctx, name)
		if !inventory.IsAbsent(err, name) {
			return err == nil, err
		}
	}
	return false, nil
}

// Parse reads the text of the file: lines of a name, an equals sign and a value, with no
// blanks before or between, else the program passes over them. Of several with one name the
// last counts.
func Parse(b []byte) Settings {
	all := Settings{}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" || strings.ContainsAny(name, "# \t") {
			continue
		}
		all[name] = inventory.Setting{Name: name, Value: value, Line: line}
	}
	return all
}
