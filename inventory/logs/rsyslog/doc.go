// Package rsyslog reads what rsyslogd is told to do with messages: where they are written
// and sent, and on which ports others' are taken, rsyslog.conf(5), in both of its forms, the old one of
// lines and RainerScript.
//
// It follows $IncludeConfig and include(). It does not work out filters: what stands under a
// condition, in a ruleset or behind a filter is told to be conditional. Templates, variables and
// lookups are not looked at. A construct that it does not know is an error, since it may hide
// what is asked for.
package rsyslog
