package sshd

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// kind is how the value of a directive is read.
type kind uint8

const (
	word1      kind = iota // one word, or several joined by blanks
	choice                 // one of a few words, letter case folded
	number                 // a decimal number
	interval               // a time, told in seconds
	algorithms             // a list, perhaps changing the default one
	list                   // every line adds
	startups               // begin:rate:full
	unjudged               // known, and of no value to us
)

// directive is what is known of one.
type directive struct {
	kind    kind
	choices map[string]string // accepted words and what they mean
	since   []since           // compiled defaults
}

// since is a default from a version on.
type since struct {
	from  Version
	value string
}

var yesNo = map[string]string{"yes": "yes", "no": "no"}

func flag(value string) directive { return directive{choice, yesNo, always(value)} }

func one(value string, words ...string) directive {
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

func of(k kind, value string) directive { return directive{kind: k, since: always(value)} }

func always(value string) []since { return []since{{oldest, value}} }

// The versions whose defaults are known.
var oldest, newest = Version{7, 4}, Version{10, 2}

// directives are those whose values are told, with their compiled defaults.
var directives = map[string]directive{
	"addressfamily":                one("any", "any", "inet", "inet6"),
	"allowagentforwarding":         flag("yes"),
	"allowgroups":                  of(list, ""),
	"allowstreamlocalforwarding":   one("yes", "yes", "all=yes", "no", "local", "remote"),
	"allowtcpforwarding":           one("yes", "yes", "all=yes", "no", "local", "remote"),
	"allowusers":                   of(list, ""),
	"authenticationmethods":        of(word1, "any"),
	"authorizedkeyscommand":        of(word1, "none"),
	"authorizedkeysfile":           of(word1, ".ssh/authorized_keys .ssh/authorized_keys2"),
	"banner":                       of(word1, "none"),
	"chrootdirectory":              of(word1, "none"),
	"ciphers":                      {kind: algorithms, since: ciphers},
	"clientalivecountmax":          of(number, "3"),
	"clientaliveinterval":          of(interval, "0"),
	"compression":                  one("yes", "yes=yes", "delayed=yes", "no"),
	"denygroups":                   of(list, ""),
	"denyusers":                    of(list, ""),
	"disableforwarding":            flag("no"),
	"exposeauthinfo":               {choice, yesNo, []since{{Version{7, 6}, "no"}}},
	"gatewayports":                 one("no", "yes", "no", "clientspecified"),
	"gssapiauthentication":         flag("no"),
	"hostbasedauthentication":      flag("no"),
	"hostkeyalgorithms":            {kind: algorithms, since: signatures},
	"hostkey":                      of(list, ""), // none means the keys of each type in etc/ssh
	"ignorerhosts":                 one("yes", "yes", "no", "shosts-only"),
	"ignoreuserknownhosts":         flag("no"),
	"kbdinteractiveauthentication": flag("yes"),
	"kerberosauthentication":       flag("no"),
	"kexalgorithms":                {kind: algorithms, since: exchanges},
	"logingracetime":               of(interval, "120"),
	"loglevel":                     one("INFO", "quiet=QUIET", "fatal=FATAL", "error=ERROR", "info=INFO", "verbose=VERBOSE", "debug=DEBUG", "debug1=DEBUG", "debug2=DEBUG2", "debug3=DEBUG3"),
	"macs":                         {kind: algorithms, since: macs},
	"maxauthtries":                 of(number, "6"),
	"maxsessions":                  of(number, "10"),
	"maxstartups":                  of(startups, "10:30:100"),
	"passwordauthentication":       flag("yes"),
	"permitemptypasswords":         flag("no"),
	"permitrootlogin":              one("prohibit-password", "yes", "no", "prohibit-password", "without-password=prohibit-password", "forced-commands-only"),
	"permittty":                    flag("yes"),
	"permittunnel":                 one("no", "yes", "no", "point-to-point", "ethernet"),
	"permituserenvironment":        {kind: word1, since: always("no")},
	"permituserrc":                 flag("yes"),
	"persourcemaxstartups":         {kind: word1, since: []since{{Version{8, 5}, "none"}}},
	"port":                         of(list, "22"),
	"printlastlog":                 flag("yes"),
	"printmotd":                    flag("yes"),
	"pubkeyacceptedalgorithms":     {kind: algorithms, since: signatures},
	"pubkeyauthentication":         flag("yes"),
	"requiredrsasize":              {kind: number, since: []since{{Version{9, 1}, "1024"}}},
	"revokedkeys":                  of(word1, "none"),
	"streamlocalbindunlink":        flag("no"),
	"strictmodes":                  flag("yes"),
	"syslogfacility":               one("AUTH", "daemon=DAEMON", "user=USER", "auth=AUTH", "authpriv=AUTHPRIV", "local0=LOCAL0", "local1=LOCAL1", "local2=LOCAL2", "local3=LOCAL3", "local4=LOCAL4", "local5=LOCAL5", "local6=LOCAL6", "local7=LOCAL7"),
	"tcpkeepalive":                 flag("yes"),
	"trustedusercakeys":            of(word1, "none"),
	"usedns":                       flag("no"),
	"usepam":                       flag("no"),
	"x11forwarding":                flag("no"),
	"x11uselocalhost":              flag("yes"),
}

// aliases are older names, and what they are now.
var aliases = map[string]string{
	"challengeresponseauthentication": "kbdinteractiveauthentication",
	"skeyauthentication":              "kbdinteractiveauthentication",
	"dsaauthentication":               "pubkeyauthentication",
	"keepalive":                       "tcpkeepalive",
	"pubkeyacceptedkeytypes":          "pubkeyacceptedalgorithms",
}

// others are directives that are known and not told.
var others = strings.Fields(`acceptenv authorizedkeyscommanduser authorizedprincipalscommand
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

// compiled answers the default of a directive in a version.
func (d directive) compiled(v Version) (string, bool) {
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

// canonical answers the value of arguments in the one form that is told, or why they have
// none.
func (d directive) canonical(args []string) (string, error) {
	switch d.kind {
	case choice:
		if meaning, ok := d.choices[strings.ToLower(args[0])]; ok {
			return meaning, nil
		}
		return "", errors.New("is none of the values that it can have")
	case number:
		n, err := strconv.Atoi(args[0])
		if err != nil {
			return "", errors.New("is no number")
		}
		return strconv.Itoa(n), nil
	case interval:
		n, err := seconds(args[0])
		return strconv.Itoa(n), err
	case startups:
		return startupsOf(args[0])
	}
	return strings.Join(args, " "), nil
}

// seconds reads a time, sshd_config(5), TIME FORMATS: numbers with units, or without one
// for seconds; "none" is 0 where it is allowed.
func seconds(s string) (int, error) {
	units := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
	total, n, digits := 0, 0, 0
	if s == "none" {
		return 0, nil
	}
	for _, c := range []byte(strings.ToLower(s)) {
		switch unit := units[c]; {
		case '0' <= c && c <= '9' && digits < 9:
			n, digits = n*10+int(c-'0'), digits+1
		case unit > 0 && digits > 0:
			total, n, digits = total+n*unit, 0, 0
		default:
			return 0, errors.New("is no time")
		}
	}
	if s == "" {
		return 0, errors.New("is no time")
	}
	return total + n, nil
}

// startupsOf reads begin:rate:full, or begin alone.
func startupsOf(s string) (string, error) {
	f := strings.Split(s, ":")
	if len(f) == 1 {
		f = []string{s, "30", s}
	}
	for _, x := range f {
		if _, err := strconv.ParseUint(x, 10, 31); err != nil || len(f) != 3 {
			return "", errors.New("is not of the form begin:rate:full")
		}
	}
	return strings.Join(f, ":"), nil
}

// assemble answers the list of algorithms that a value and the default make: "+" adds to
// the default, "-" takes from it, "^" puts in front of it. What is taken may be a pattern.
func assemble(value, base string) string {
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
	var unique []string
	for _, a := range all {
		if !slices.Contains(unique, a) {
			unique = append(unique, a)
		}
	}
	return strings.Join(unique, ",")
}

func known(keyword string) bool {
	_, ok := directives[keyword]
	return ok || aliases[keyword] != "" || slices.Contains(others, keyword)
}

// name answers the directive that a keyword means, in lower case.
func name(keyword string) string {
	keyword = strings.ToLower(keyword)
	if a := aliases[keyword]; a != "" {
		return a
	}
	return keyword
}

// place puts where it stands before what is wrong.
func place(source string, line int, err error) error {
	return fmt.Errorf("%s:%d: %w", source, line, err)
}

// Told reports whether [Config.Values] tells the directive of a name.
func Told(directiveName string) bool {
	_, ok := directives[name(directiveName)]
	return ok
}
