// Package auditd reads the configuration of the audit daemon from etc/audit/auditd.conf
// (auditd.conf(5)), as auditd 3.0 to 4.2 reads it: blanks stand around the equals sign, tabs are no
// blanks, and a last line without a newline is ignored. A line that is not understood is an error,
// as the daemon then does not start.
package auditd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Settings is the settings by name, in lower case. A setting that the file does not have has its
// built-in value, and no source and line. Keywords are in lower case. Of an action "exec PROGRAM"
// the program is left out.
type Settings map[string]inventory.Setting

const (
	file    = "etc/audit/auditd.conf"
	maxLine = 159 // older daemons ignore longer lines
)

var programs = []string{"usr/sbin/auditd", "sbin/auditd"}

// Fact is the settings of the daemon. The error is [inventory.ErrAbsent] if the daemon is not
// installed. A file with which the daemon does not start is an error too.
var Fact = inventory.NewFact("auditd.conf", collect)

func collect(ctx context.Context, s *inventory.System) (Settings, error) {
	if err := checkInstalled(ctx, s); err != nil {
		return nil, err
	}
	info, err := s.Lstat(ctx, file)
	if inventory.IsAbsent(err, file) {
		return Parse(nil) // the daemon starts with the built-in values
	}
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, fmt.Errorf("%s is a link, which auditd refuses", file)
	}
	b, err := s.ReadText(ctx, file)
	if err != nil {
		return nil, err
	}
	all, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for name, v := range all {
		if v.Line > 0 {
			v.Source = file
			all[name] = v
		}
	}
	return all, nil
}

// checkInstalled returns an error if there is no daemon.
func checkInstalled(ctx context.Context, s *inventory.System) error {
	for _, p := range programs {
		if _, err := s.Stat(ctx, p); !inventory.IsAbsent(err, p) {
			return err
		}
	}
	return fmt.Errorf("no audit daemon: %w", inventory.ErrAbsent)
}

// Parse reads the text of the file. The Source of the settings is left empty. Lines with which the
// daemon does not start are errors, reported together; then no settings are returned.
func Parse(b []byte) (Settings, error) {
	all := Settings{}
	for name, value := range compiled {
		all[name] = inventory.Setting{Name: name, Value: value}
	}
	var bad mistakes.List
	for line := 1; len(b) > 0; line++ {
		text, rest, ended := bytes.Cut(b, []byte{'\n'})
		b = rest
		if i := bytes.IndexByte(text, 0); i >= 0 {
			text = text[:i]
		}
		words := strings.FieldsFunc(string(text), func(r rune) bool { return r == ' ' })
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if len(text) > maxLine {
			bad.Addf("line %d: longer than %d bytes", line, maxLine)
			continue
		}
		if !ended {
			continue
		}
		name, value, err := parseAssignment(words)
		if err != nil {
			bad.Addf("line %d: %w", line, err)
			continue
		}
		all[name] = inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: line}}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	if err := all.check(); err != nil {
		return nil, err
	}
	return all, nil
}

// parseAssignment reads the words of one line.
func parseAssignment(words []string) (name, value string, err error) {
	name = strings.ToLower(words[0])
	form, known := names[name]
	switch {
	case !known:
		return "", "", errors.New("no name that auditd knows")
	case len(words) < 3 || words[1] != "=":
		return "", "", fmt.Errorf("%s: no equals sign between blanks, or no value", name)
	case len(words) > 4 || len(words) == 4 && form != actions && form != sizes:
		return "", "", fmt.Errorf("%s: more than one value", name)
	}
	value, ok := form.read(words[2])
	program := value == "exec" && (form == actions || form == sizes)
	switch {
	case !ok:
		return "", "", fmt.Errorf("%s: no value that auditd knows", name)
	case len(words) == 4 && !program:
		return "", "", fmt.Errorf("%s: a word behind the value", name) // max_log_file_action refuses it, others do not look
	case program && (len(words) < 4 || words[3][0] != '/'):
		return "", "", fmt.Errorf("%s: exec without the path of a program", name)
	}
	return name, value, nil
}

// form says which values a setting takes: a list of words, or one of the first three.
type form string

const (
	text    form = ""  // any text
	number  form = "0" // a number
	percent form = "%" // a number with or without "%"
	yesNo   form = "yes no"
	actions form = "ignore syslog rotate email exec suspend single halt"
	sizes   form = "ignore syslog exec suspend rotate keep_logs"
)

// read returns a value as it is kept, and reports whether the form allows it.
func (f form) read(v string) (string, bool) {
	switch f {
	case text:
		return v, true
	case number, percent:
		n, err := strconv.Atoi(strings.TrimSuffix(v, "%"))
		return v, err == nil && n >= 0 && v[0] != '+' && (f == percent || v[len(v)-1] != '%')
	}
	v = strings.ToLower(v)
	return v, slices.Contains(strings.Fields(string(f)), v)
}

// names are the settings of auditd.conf(5) and how they are read.
var names = map[string]form{
	"local_events": yesNo, "write_logs": yesNo, "log_file": text, "log_format": "raw nolog enriched",
	"log_group": text, "flush": "none incremental incremental_async data sync", "freq": number,
	"num_logs": number, "dispatcher": text, "name_format": text, "name": text, "disp_qos": text,
	"max_log_file": number, "max_log_file_action": sizes, "space_left": percent, "space_left_action": actions,
	"action_mail_acct": text, "verify_email": yesNo, "admin_space_left": percent,
	"admin_space_left_action": actions, "disk_full_action": actions, "disk_error_action": actions,
	"priority_boost": number, "tcp_listen_port": number, "tcp_listen_queue": number,
	"tcp_max_per_addr": number, "use_libwrap": yesNo, "tcp_client_ports": text, "tcp_client_max_idle": number,
	"transport": text, "enable_krb5": yesNo, "krb5_principal": text, "krb5_key_file": text,
	"tls_psk_file": text, "tls_psk_identity": text, "tls_cipher_suites": text, "tls_key_exchange": text,
	"tls_require_pqc": yesNo, "tls_auth": text, "tls_crypto_profile": text, "tls_allowed_clients": text,
	"distribute_network": yesNo, "q_depth": number, "overflow_action": "ignore syslog suspend single halt",
	"max_restarts": number, "plugin_dir": text, "end_of_event_timeout": number, "report_interval": text,
}

// compiled are the built-in values. That of log_format is left out, since releases differ in it.
var compiled = map[string]string{
	"local_events": "yes", "write_logs": "yes", "log_file": "/var/log/audit/audit.log", "log_group": "root",
	"flush": "none", "freq": "0", "num_logs": "0", "max_log_file": "0", "max_log_file_action": "ignore",
	"space_left": "0", "space_left_action": "ignore", "action_mail_acct": "root", "verify_email": "yes",
	"admin_space_left": "0", "admin_space_left_action": "ignore", "disk_full_action": "ignore",
	"disk_error_action": "syslog", "tcp_listen_port": "0", "distribute_network": "no",
	"overflow_action": "syslog",
}

// Names returns the names of all settings, sorted.
func Names() []string { return slices.Sorted(maps.Keys(names)) }

// check returns an error if the daemon refuses the settings as a whole: space_left has to be more
// than admin_space_left, and incremental flushing needs freq.
func (s Settings) check() error {
	lines := 0
	for _, v := range s {
		lines = max(lines, v.Line)
	}
	if lines == 0 {
		return nil // the daemon checks only what the file sets
	}
	left, admin := s["space_left"].Value, s["admin_space_left"].Value
	a, errA := strconv.Atoi(left)
	b, errB := strconv.Atoi(admin)
	if errA == nil && errB == nil && a <= b {
		return fmt.Errorf("line %d: space_left must be more than admin_space_left", s["space_left"].Line)
	}
	if strings.HasPrefix(s["flush"].Value, "incremental") && strings.Trim(s["freq"].Value, "0") == "" {
		return fmt.Errorf("line %d: incremental flushing without freq", s["flush"].Line)
	}
	return nil
}
