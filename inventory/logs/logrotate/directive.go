package logrotate

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// periods are the days of the directives for the time between two rotations.
var periods = map[string]float64{"hourly": 1. / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}

// flags are the directives without a value. What stands behind them is one more directive.
var flags = strings.Fields(`allowhardlink noallowhardlink compress nocompress copy nocopy copytruncate
	nocopytruncate nocreate nocreateolddir dateext nodateext dateyesterday datehourago delaycompress
	nodelaycompress ifempty notifempty ignoreduplicates mailfirst maillast nomail missingok nomissingok
	noolddir renamecopy norenamecopy sharedscripts nosharedscripts shred noshred`)

// readDirective reads a directive with its value, and returns what is left of the line.
func (p *parser) readDirective(s string) (rest string, err error) {
	end := strings.IndexFunc(s, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' })
	if end < 0 {
		end = len(s)
	}
	if end < len(s) && strings.IndexByte(" \t=", s[end]) < 0 {
		return "", errors.New("neither a setting nor the name of a log")
	}
	key, value := s[:end], strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(s[end:], " \t"), "="), " \t")
	to := &p.r.general
	if p.open != nil {
		to = &p.open.settings
	}
	if days, ok := periods[key]; ok {
		to.Days = days
		if key == "weekly" && value != "" {
			if len(value) > 1 || value < "0" || value > "7" {
				return "", errors.New("weekly without a day")
			}
			value = ""
		}
		return value, nil
	}
	if slices.Contains(flags, key) {
		return value, nil
	}
	return "", p.set(to, key, value)
}

// set sets what a directive with a value says.
func (p *parser) set(to *settings, key, value string) error {
	switch key {
	case "":
		return errors.New("neither a setting nor the name of a log")
	case "rotate", "maxage":
		return to.setNumber(key, value)
	case "size", "maxsize":
		if !isSize(value) {
			return fmt.Errorf("%s is no size", key)
		}
		if key == "size" {
			to.Days = 0
		} else {
			to.MaxSize = true
		}
	case "prerotate", "postrotate", "firstaction", "lastaction", "preremove":
		if value != "" {
			return errors.New("text behind the start of a script")
		}
		return p.skipScript()
	case "include":
		if p.depth > 0 {
			if err := p.r.include(value, p.depth); err != nil {
				return &included{err}
			}
		}
	case "tabooext":
		return p.setTaboo(value)
	}
	return nil
}

// isSize reports whether a text is a number with or without a unit.
func isSize(s string) bool {
	if s != "" && strings.IndexByte("kMG", s[len(s)-1]) >= 0 {
		s = s[:len(s)-1]
	}
	_, err := strconv.ParseUint(s, 10, 63)
	return err == nil
}

// setNumber sets the value of rotate or maxage.
func (s *settings) setNumber(key, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < -1 {
		return fmt.Errorf("%s is no number", key)
	}
	if key == "rotate" {
		s.Rotate = n
	} else {
		s.MaxAge = max(n, 0)
	}
	return nil
}

// setTaboo reads the value of tabooext: ends of names, which replace the others or, after a "+",
// are added to them.
func (p *parser) setTaboo(value string) error {
	more, add := strings.CutPrefix(value, "+")
	if !add {
		p.r.taboo = map[string]bool{}
	}
	for t := range strings.FieldsFuncSeq(more, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		if err := p.r.limit.Items(1); err != nil {
			return err
		}
		p.r.taboo[t] = true
	}
	return nil
}

// skipScript skips the lines of a script with its end.
func (p *parser) skipScript() error {
	for len(p.b) > 0 {
		line, rest, _ := bytes.Cut(p.b, []byte{'\n'})
		p.b = rest
		p.line++
		switch line = bytes.Trim(line, " \t"); {
		case string(line) == "endscript":
			return nil
		case bytes.HasPrefix(line, []byte("endscript")):
			return errors.New("text behind the end of a script")
		}
	}
	return errors.New("a script that does not end")
}
