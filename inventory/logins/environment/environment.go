// Package environment reads the variables that sessions begin with, from etc/environment,
// pam_env(8).
package environment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// File is the path of the file.
const File = "etc/environment"

// Fact returns the variables of the file in their order. Without the file there are none.
var Fact = inventory.NewFact("environment", collect)

func collect(ctx context.Context, s *inventory.System) ([]inventory.Setting, error) {
	all, err := inventory.ParseOnce(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Source = File
	}
	return all, nil
}

// maxLine is how long a line is that every version reads. A longer one ends the file for some.
const maxLine = 1000

var (
	errLong   = errors.New("longer than pam_env reads")
	errJoined = errors.New("continued on the next line, which not every version of pam_env does")
	errUnset  = errors.New("a name without a value, which takes a variable away")
	errEnd    = errors.New("the last line does not end, which not every version of pam_env reads")
	errCR     = errors.New("a carriage return, which becomes a part of a value")
	errBlank  = errors.New("blanks behind a value, which become a part of it")
)

// Parse reads the text of the file. Lines that set no variable are skipped, as the module does; what
// its versions read differently is an error with the line. "#" begins a comment anywhere. A quote
// counts at the beginning of a value and at its end only, and none of the two has to be there.
// The Source is left empty. More variables than anybody has are [inventory.ErrLimit].
func Parse(b []byte) ([]inventory.Setting, error) {
	all := []inventory.Setting{}
	var left budget.Budget
	n, ends := 0, bytes.Count(b, []byte("\n"))
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		v, err := parseLine(line)
		if err == nil && v.Name != "" && n > ends {
			err = errEnd
		}
		if err == nil && v.Name != "" {
			err = left.Items(1)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if v.Name != "" {
			v.Line = n
			all = budget.Append(all, v)
		}
	}
	return all, nil
}

// parseLine reads one line. The name is empty where it sets nothing.
func parseLine(line string) (v inventory.Setting, err error) {
	text := strings.TrimLeft(line, " \t")
	switch {
	case len(line) > maxLine:
		return v, errLong
	case strings.HasSuffix(strings.TrimRight(text, " \t\r"), `\`):
		return v, errJoined
	case text == "" || text[0] == '#':
		return v, nil
	}
	text = strings.TrimPrefix(text, "export ")
	text, _, _ = strings.Cut(text, "#")
	name, value, ok := strings.Cut(text, "=")
	switch {
	case strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != "" || name == "":
		return v, nil
	case !ok:
		return v, errUnset
	case strings.IndexByte(value, '\r') >= 0:
		return v, errCR
	}
	if value != "" && (value[0] == '"' || value[0] == '\'') {
		value = value[1:]
		if end := len(value) - 1; end >= 0 && (value[end] == '"' || value[end] == '\'') {
			value = value[:end]
		}
	} else if strings.TrimRight(value, " \t") != value {
		return v, errBlank
	}
	return inventory.Setting{Name: name, Value: value}, nil
}
