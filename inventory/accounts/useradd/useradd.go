// Package useradd reads the defaults that useradd(8) has for new accounts, from
// etc/default/useradd.
package useradd

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

// Settings maps names to settings. It includes the built-in defaults that useradd(8) documents.
type Settings map[string]inventory.Setting

const file = "etc/default/useradd"

var programs = []string{"usr/sbin/useradd", "sbin/useradd"}

// builtin are the program's values for what the file does not set. By them an account is never
// disabled after its password expired (-1), and does not expire.
var builtin = map[string]string{"INACTIVE": "-1", "EXPIRE": "", "GROUP": "100", "HOME": "/home", "SKEL": "/etc/skel"}

// Fact returns the settings of the system. Without the program, as with BusyBox alone, it returns
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("useradd", collect)

func collect(ctx context.Context, s *inventory.System) (Settings, error) {
	if there, err := isInstalled(ctx, s); err != nil {
		return nil, err
	} else if !there {
		return nil, fmt.Errorf("no useradd: %w", inventory.ErrAbsent)
	}
	all := Settings{}
	for name, value := range builtin {
		all[name] = inventory.Setting{Name: name, Value: value}
	}
	name, b, err := vendored.Read(file, func(name string) ([]byte, error) { return s.ReadText(ctx, name) }, inventory.IsAbsent)
	if inventory.IsAbsent(err, name) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	set, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for key, x := range set {
		x.Source = name
		all[key] = x
	}
	return all, nil
}

// isInstalled reports whether the program is there.
func isInstalled(ctx context.Context, s *inventory.System) (bool, error) {
	for _, name := range programs {
		_, err := s.Stat(ctx, name)
		if !inventory.IsAbsent(err, name) {
			return err == nil, err
		}
	}
	return false, nil
}

// maxLine is how long a line may be. useradd takes the rest of a longer one for another line.
const maxLine = 1000

// Parse reads the text of the file. A line is a name, an equals sign and a value. Lines with blanks
// around the name are skipped, as the program does. The last line of a name counts. A
// number of days in another form than a decimal one is an error. More names than
// anybody has are [inventory.ErrLimit].
func Parse(b []byte) (Settings, error) {
	all := Settings{}
	line := 0
	var left budget.Budget
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" || strings.ContainsAny(name, "# \t") {
			continue
		}
		if len(s) > maxLine {
			return nil, fmt.Errorf("line %d: longer than useradd reads", line)
		}
		if name == "INACTIVE" && value == "" {
			value = builtin[name]
		}
		if n, err := strconv.ParseUint(value, 10, 31); name == "INACTIVE" && value != "-1" && (err != nil || strconv.FormatUint(n, 10) != value) {
			return nil, fmt.Errorf("line %d: %s is no plain number, which useradd reads otherwise or not at all", line, name)
		}
		if _, again := all[name]; !again {
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
		}
		all[name] = inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: line}}
	}
	return all, nil
}
