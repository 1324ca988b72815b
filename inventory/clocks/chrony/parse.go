package chrony

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Line is a directive with its arguments.
type Line struct {
	inventory.Position

	Directive string // in lower case
	Args      []string
}

// Parse reads the text of one file. The lines that chronyd refuses are errors, reported together;
// then no lines are returned. The names of all directives are checked, and the arguments of sources
// and of directives that name files.
func Parse(b []byte) ([]Line, error) { return parse(b, new(budget.Budget)) }

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) ([]Line, error) {
	var all []Line
	var bad mistakes.List
	n := 0
	for text := range bytes.SplitSeq(b, []byte{'\n'}) {
		n++
		l, err := parseLine(text, n)
		if err != nil {
			bad.Addf("line %d: %w", n, err)
			continue
		}
		if l.Directive != "" {
			if err := limit.Items(1 + len(l.Args)); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			all = append(all, l)
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// parseLine reads one line. The Directive of a comment or an empty line is empty.
func parseLine(text []byte, n int) (Line, error) {
	if len(text) >= maxLine-1 {
		return Line{}, fmt.Errorf("longer than %d bytes", maxLine-2)
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	text = bytes.TrimLeft(text, " \t\r\v\f")
	if len(text) == 0 || strings.IndexByte("!;#%", text[0]) >= 0 {
		return Line{}, nil
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\r\v\f", r) })
	l := Line{Directive: strings.ToLower(words[0]), Args: words[1:], Position: inventory.Position{Line: n}}
	if !isDirective[l.Directive] {
		return Line{}, errors.New("no directive that chronyd knows")
	}
	return l, l.validate()
}

var (
	sources = []string{"server", "pool", "peer", "refclock"}
	// directives are all directives of chrony.conf(5), chrony 4.8.
	directives = strings.Fields(`
		acquisitionport allow authselectmode bindacqaddress bindacqdevice bindaddress bindcmdaddress
		bindcmddevice binddevice broadcast clientloglimit clockprecision cmdallow cmddeny cmdport
		cmdratelimit combinelimit commandkey confdir corrtimeratio deny driftfile dscp dumpdir dumponexit
		fallbackdrift generatecommandkey hwclockfile hwtimestamp hwtstimeout include initstepslew keyfile
		leapseclist leapsecmode leapsectz linux_freq_scale linux_hz local lock_all log logbanner logchange
		logdir mailonchange makestep manual maxchange maxclockerror maxdistance maxdrift maxjitter
		maxntsconnections maxsamples maxslewrate maxstratum maxtxbuffers maxupdateskew minsamples minsources
		minstratum nocerttimecheck noclientlog nosystemcert ntpsigndsocket ntsaeads ntscachedir ntsdumpdir
		ntsntpserver ntsport ntsprocesses ntsratelimit ntsrefresh ntsrotate ntsservercert ntsserverkey
		ntstrustedcerts opencommands peer pidfile pool port ptpdomain ptpport ratelimit refclock refresh
		reselectdist rtcautotrim rtcdevice rtcfile rtconutc rtcsync sched_priority server smoothtime
		sourcedir stratumweight tempcomp user`)
	// flags are the options of sources without a value.
	flags = strings.Fields("auto_offline burst copy iburst nts noselect offline prefer require trust xleave ipv4 ipv6")
	// valued are the options of sources with a value.
	valued = strings.Fields(`
		certset key asymmetry extfield filter maxdelay maxdelayratio maxdelaydevratio maxdelayquant maxpoll
		maxsamples maxsources maxunreach mindelay minpoll minsamples minstratum ntsport offset port
		polltarget presend version`)
)

// validate returns an error if chronyd refuses the arguments.
func (l Line) validate() error {
	switch l.Directive {
	case "include":
		if len(l.Args) != 1 {
			return errors.New("include takes one name")
		}
	case "confdir", "sourcedir":
		if len(l.Args) == 0 || len(l.Args) > 10 {
			return fmt.Errorf("%s takes one to ten folders", l.Directive)
		}
	case "refclock":
		if len(l.Args) < 2 {
			return errors.New("refclock takes a driver and its parameter")
		}
	case "server", "pool", "peer":
		if len(l.Args) == 0 {
			return fmt.Errorf("%s takes a name", l.Directive)
		}
		return checkOptions(l.Args[1:])
	}
	return nil
}

// checkOptions returns an error if chronyd refuses the options of a source.
func checkOptions(words []string) error {
	for i := 0; i < len(words); i++ {
		switch w := strings.ToLower(words[i]); {
		case slices.Contains(flags, w):
		case slices.Contains(valued, w) && i+1 < len(words):
			i++
			if !isNumber(words[i]) {
				return fmt.Errorf("%s without a number", w)
			}
		default:
			return errors.New("an option that chronyd does not know, or without its value")
		}
	}
	return nil
}

// isNumber reports whether chronyd takes a value of an option: a whole number, in hexadecimal as well, or
// one with a fraction.
func isNumber(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return strings.Trim(s, "0123456789+-.eE") == ""
	}
	_, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(s), "0x"), 16, 32)
	return err == nil
}

// isDirective has the directives as its keys.
var isDirective = func() map[string]bool {
	all := make(map[string]bool, len(directives))
	for _, d := range directives {
		all[d] = true
	}
	return all
}()
