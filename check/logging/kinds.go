package logging

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// logging.elsewhere, logging.encrypted, logging.new-files, logging.no-reception,
// logging.persistent and logging.rotation.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("logging.elsewhere", Elsewhere.Check, kind.States(check.Configured, check.Running), kind.Doc("The log goes to another machine.")),
		kind.New("logging.encrypted", Encrypted.Check, kind.Doc("What of the log goes to other machines is encrypted.")),
		kind.New("logging.new-files", NewFiles.Check, kind.Doc("rsyslog makes its files private.")),
		kind.New("logging.no-reception", NoReception.Check, kind.Doc("rsyslog takes no messages from the network.")),
		kind.New("logging.persistent", Persistent.Check, kind.States(check.Configured, check.Running), kind.Doc("Messages outlive a restart.")),
		kind.New("logging.rotation", Rotation.Check, kind.Doc("logrotate keeps old files of logs for a number of days.")),
	}
}
