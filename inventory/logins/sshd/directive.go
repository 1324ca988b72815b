package sshd

import (
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// kind tells how the value of a directive is read.
type kind uint8

const (
	word1      kind = iota // one word, or several joined by blanks
	choice                 // one of a few words, without regard to letter case
	number                 // a decimal number
	interval               // a time; its value is in seconds
	algorithms             // a list that may change the default list
	list                   // a list to which each line adds
	startups               // begin:rate:full
	unjudged               // known; its value is not read
)

// directive is what is known about a directive.
type directive struct {
	kind    kind
	choices map[string]string // accepted words and their meanings
	since   []since           // defaults by version, ascending
}

// since is the default from a version on.
type since struct {
	from  Version
	value string
}

var yesNo = map[string]string{"yes": "yes", "no": "no"}

// newFlag returns a directive that is yes or no.
func newFlag(value string) directive { return directive{choice, yesNo, always(value)} }

// newChoice returns a directive with some accepted words. A word "a=b" means b.
func newChoice(value string, words ...string) directive {
	m := map[string]string{}
	for _, w := range words {
		name, meaning, ok := strings.Cut(w, "=")
		if !ok {
			meaning = name
		}
		m[name] = meaning
	}
	return directive{choice, m, always(value)}
}

// newDirective returns a directive of a kind.
func newDirective(k kind, value string) directive { return directive{kind: k, since: always(value)} }

// always returns a default that all versions have.
func always(value string) []since { return []since{{oldest, value}} }

// The oldest and the newest version whose defaults are known.
var oldest, newest = Version{7, 4}, Version{10, 2}

// The accepted words of some directives.
var (
	logLevels = strings.Fields(`quiet=QUIET fatal=FATAL error=ERROR info=INFO verbose=VERBOSE debug=DEBUG
		debug1=DEBUG debug2=DEBUG2 debug3=DEBUG3`)
	rootLogins = strings.Fields(`yes no prohibit-password without-password=prohibit-password
		forced-commands-only`)
	facilities = strings.Fields(`daemon=DAEMON user=USER auth=AUTH authpriv=AUTHPRIV local0=LOCAL0
		local1=LOCAL1 local2=LOCAL2 local3=LOCAL3 local4=LOCAL4 local5=LOCAL5 local6=LOCAL6 local7=LOCAL7`)
)

// directives are those whose values are read, with their defaults.
var directives = map[string]directive{
	"addressfamily":                newChoice("any", "any", "inet", "inet6"),
	"allowagentforwarding":         newFlag("yes"),
	"allowgroups":                  newDirective(list, ""),
	"allowstreamlocalforwarding":   newChoice("yes", "yes", "all=yes", "no", "local", "remote"),
	"allowtcpforwarding":           newChoice("yes", "yes", "all=yes", "no", "local", "remote"),
	"allowusers":                   newDirective(list, ""),
	"authenticationmethods":        newDirective(word1, "any"),
	"authorizedkeyscommand":        newDirective(word1, "none"),
	"authorizedkeysfile":           newDirective(word1, ".ssh/authorized_keys .ssh/authorized_keys2"),
	"banner":                       newDirective(word1, "none"),
	"chrootdirectory":              newDirective(word1, "none"),
	"ciphers":                      {kind: algorithms, since: ciphers},
	"clientalivecountmax":          newDirective(number, "3"),
	"clientaliveinterval":          newDirective(interval, "0"),
	"compression":                  newChoice("yes", "yes=yes", "delayed=yes", "no"),
	"denygroups":                   newDirective(list, ""),
	"denyusers":                    newDirective(list, ""),
	"disableforwarding":            newFlag("no"),
	"exposeauthinfo":               {choice, yesNo, []since{{Version{7, 6}, "no"}}},
	"gatewayports":                 newChoice("no", "yes", "no", "clientspecified"),
	"gssapiauthentication":         newFlag("no"),
	"hostbasedauthentication":      newFlag("no"),
	"hostkeyalgorithms":            {kind: algorithms, since: signatures},
	"hostkey":                      newDirective(list, ""), // with none the keys of each type in etc/ssh
	"ignorerhosts":                 newChoice("yes", "yes", "no", "shosts-only"),
	"ignoreuserknownhosts":         newFlag("no"),
	"kbdinteractiveauthentication": newFlag("yes"),
	"kerberosauthentication":       newFlag("no"),
	"kexalgorithms":                {kind: algorithms, since: exchanges},
	"logingracetime":               newDirective(interval, "120"),
	"loglevel":                     newChoice("INFO", logLevels...),
	"macs":                         {kind: algorithms, since: macs},
	"maxauthtries":                 newDirective(number, "6"),
	"maxsessions":                  newDirective(number, "10"),
	"maxstartups":                  newDirective(startups, "10:30:100"),
	"passwordauthentication":       newFlag("yes"),
	"permitemptypasswords":         newFlag("no"),
	"permitrootlogin":              newChoice("prohibit-password", rootLogins...),
	"permittty":                    newFlag("yes"),
	"permittunnel":                 newChoice("no", "yes", "no", "point-to-point", "ethernet"),
	"permituserenvironment":        {kind: word1, since: always("no")},
	"permituserrc":                 newFlag("yes"),
	"persourcemaxstartups":         {kind: word1, since: []since{{Version{8, 5}, "none"}}},
	"port":                         newDirective(list, "22"),
	"printlastlog":                 newFlag("yes"),
	"printmotd":                    newFlag("yes"),
	"pubkeyacceptedalgorithms":     {kind: algorithms, since: signatures},
	"pubkeyauthentication":         newFlag("yes"),
	"requiredrsasize":              {kind: number, since: []since{{Version{9, 1}, "1024"}}},
	"revokedkeys":                  newDirective(word1, "none"),
	"streamlocalbindunlink":        newFlag("no"),
	"strictmodes":                  newFlag("yes"),
	"syslogfacility":               newChoice("AUTH", facilities...),
	"tcpkeepalive":                 newFlag("yes"),
	"trustedusercakeys":            newDirective(word1, "none"),
	"usedns":                       newFlag("no"),
	"usepam":                       newFlag("no"),
	"x11forwarding":                newFlag("no"),
	"x11uselocalhost":              newFlag("yes"),
}

// aliases maps older names of directives to the current ones.
var aliases = map[string]string{
	"challengeresponseauthentication": "kbdinteractiveauthentication",
	"skeyauthentication":              "kbdinteractiveauthentication",
	"dsaauthentication":               "pubkeyauthentication",
	"keepalive":                       "tcpkeepalive",
	"pubkeyacceptedkeytypes":          "pubkeyacceptedalgorithms",
}

// others are directives that are known and not read.
var others = newSet(`acceptenv authorizedkeyscommanduser authorizedprincipalscommand
	authorizedprincipalscommanduser authorizedprincipalsfile casignaturealgorithms channeltimeout debianbanner
	fingerprinthash forcecommand gssapicleanupcredentials gssapienablek5users gssapikexalgorithms gssapikeyexchange
	gssapistorecredentialsonrekey gssapistrictacceptorcheck hostbasedacceptedalgorithms hostbasedacceptedkeytypes
	hostbasedusesnamefrompacketonly hostcertificate hostkeyagent include ipqos kerberosgetafstoken
	kerberosorlocalpasswd kerberosticketcleanup kerberosusekuserok keyregenerationinterval listenaddress logverbose
	match modulifile permitlisten permitopen permitpamuserchange persourcenetblocksize persourcepenalties
	persourcepenaltyexemptlist pidfile protocol pubkeyauthoptions rdomain refuseconnection rekeylimit
	rhostsrsaauthentication rsaauthentication rsamodulus securitykeyprovider serverkeybits setenv
	sshdauthpath sshdsessionpath streamlocalbindmask subsystem unusedconnectiontimeout uselogin useprivilegeseparation
	versionaddendum x11displayoffset x11maxdisplays xauthlocation usekeepalive`)

// newSet returns the words of a text.
func newSet(text string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		all[w] = true
	}
	return all
}

// lookupDefault returns the default of a directive in a version. It returns false where it is not
// known.
func (d directive) lookupDefault(v Version) (string, bool) {
	if v.less(oldest) || newest.less(v) {
		return "", false
	}
	value, ok := "", false
	for _, s := range d.since {
		if !v.less(s.from) {
			value, ok = s.value, true
		}
	}
	return value, ok
}

// normalize returns the normal form of a value, or an error where sshd would not accept it.
func (d directive) normalize(args []string) (string, error) {
	switch d.kind {
	case choice:
		if meaning, ok := d.choices[strings.ToLower(args[0])]; ok {
			return meaning, nil
		}
		return "", errors.New("is none of the values that it can have")
	case number:
		n, err := strconv.ParseInt(args[0], 10, 32)
		if err != nil || n < 0 {
			return "", errors.New("is no number")
		}
		return strconv.FormatInt(n, 10), nil
	case interval:
		n, err := parseSeconds(args[0])
		return strconv.Itoa(n), err
	case startups:
		return parseStartups(args[0])
	case algorithms:
		return normalizeAlgorithms(args[0])
	}
	if len(args) == 1 && d.kind == word1 && strings.EqualFold(args[0], "none") {
		return "none", nil
	}
	return strings.Join(args, " "), nil
}

// parseSeconds reads a time by TIME FORMATS of sshd_config(5): numbers with units, or without one
// for seconds.
func parseSeconds(s string) (int, error) {
	units := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
	total, n, digits := 0, 0, 0
	for _, c := range []byte(strings.ToLower(s)) {
		switch unit := units[c]; {
		case '0' <= c && c <= '9' && digits < 9:
			n, digits = n*10+int(c-'0'), digits+1
		case unit > 0 && digits > 0:
			if total += n * unit; total > math.MaxInt32 {
				return 0, errRange
			}
			n, digits = 0, 0
		default:
			return 0, errors.New("is no time")
		}
	}
	if s == "" {
		return 0, errors.New("is no time")
	}
	if total+n > math.MaxInt32 {
		return 0, errRange
	}
	return total + n, nil
}

var errStartups = errors.New("is not of the form begin:rate:full")

// parseStartups reads begin:rate:full, or begin alone.
func parseStartups(s string) (string, error) {
	f := strings.Split(s, ":")
	if len(f) == 1 {
		f = []string{s, "30", s}
	}
	if len(f) != 3 {
		return "", errStartups
	}
	var n [3]uint64
	for i, x := range f {
		var err error
		if n[i], err = strconv.ParseUint(x, 10, 31); err != nil {
			return "", errStartups
		}
		f[i] = strconv.FormatUint(n[i], 10)
	}
	if n[0] == 0 || n[0] > n[2] || n[1] < 1 || n[1] > 100 {
		return "", errRange
	}
	return strings.Join(f, ":"), nil
}

// mergeAlgorithms returns the list of algorithms that a value makes of the default list. "+" adds
// to it, "-" removes from it, "^" puts in front of it. Patterns may be removed.
func mergeAlgorithms(value, base string) string {
	defaults := strings.Split(base, ",")
	rest := strings.Split(strings.TrimLeft(value, "+-^"), ",")
	var all []string
	switch {
	case strings.HasPrefix(value, "+"):
		all = append(slices.Clone(defaults), rest...)
	case strings.HasPrefix(value, "^"):
		all = append(rest, defaults...)
	case strings.HasPrefix(value, "-"):
		all = slices.DeleteFunc(slices.Clone(defaults), func(a string) bool {
			return slices.ContainsFunc(rest, func(p string) bool { ok, _ := path.Match(p, a); return ok })
		})
	default:
		return value
	}
	seen := make(map[string]bool, len(all))
	unique := slices.DeleteFunc(all, func(a string) bool {
		again := seen[a]
		seen[a] = true
		return again
	})
	return strings.Join(unique, ",")
}

// isKnown reports whether a keyword is a directive of sshd.
func isKnown(keyword string) bool {
	_, ok := directives[keyword]
	return ok || aliases[keyword] != "" || others[keyword]
}

// canonicalName returns the current name of a directive in lower case.
func canonicalName(keyword string) string {
	keyword = strings.ToLower(keyword)
	if a := aliases[keyword]; a != "" {
		return a
	}
	return keyword
}

// addPlace puts file and line in front of an error.
func addPlace(source string, line int, err error) error {
	return fmt.Errorf("%s:%d: %w", source, line, err)
}

// Told reports whether [Config.Values] returns values of the directive.
func Told(directiveName string) bool {
	_, ok := directives[canonicalName(directiveName)]
	return ok
}
