package check

import (
	"encoding/json"
	"errors"

	"github.com/hardening-sdk/hardening/check/reason"
)

// Result is the finding of a check. Checks use a [Verdict] to create it. The zero value is Unknown.
type Result struct {
	Status   Status
	Reason   reason.Reason // why there is no verdict; empty if there is one
	Message  string        // one line for people
	Subjects int           // number of judged subjects; 0 if they were not counted
	Evidence []Evidence    // what decided, in a stable order; a sample for a Pass
	Omitted  int           // number of further pieces of evidence
	Children []Result      // results of the parts of a composed check, in the order of the parts
	Err      error         // what went wrong; a Pass with an error counts as Error
}

// resultJSON is the JSON form of a [Result].
type resultJSON struct {
	Status   Status        `json:"status"`
	Reason   reason.Reason `json:"reason,omitempty"`
	Message  string        `json:"message,omitempty"`
	Subjects int           `json:"subjects,omitempty"`
	Evidence []Evidence    `json:"evidence,omitempty"`
	Omitted  int           `json:"omitted,omitempty"`
	Children []Result      `json:"children,omitempty"`
	Error    string        `json:"error,omitempty"`
}

// MarshalJSON returns an object with a member for each field that is not empty. The error is
// represented by its text.
func (r Result) MarshalJSON() ([]byte, error) {
	x := resultJSON{r.Status, r.Reason, r.Message, r.Subjects, r.Evidence, r.Omitted, r.Children, ""}
	if err := tame(r.Err); err != nil {
		x.Error = cut(err.Error(), maxMessage)
	}
	return json.Marshal(x)
}

// UnmarshalJSON parses the form that MarshalJSON returns. The resulting Err keeps only the text of
// the original error.
func (r *Result) UnmarshalJSON(b []byte) error {
	var x resultJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*r = Result{x.Status, x.Reason, x.Message, x.Subjects, x.Evidence, x.Omitted, x.Children, nil}
	if x.Error != "" {
		r.Err = errors.New(x.Error)
	}
	return nil
}
