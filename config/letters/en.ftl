# Letters in English. A text has a subject (one line), a text (paragraphs apart by an empty line) and an action (the words of
# its one link). Values: $name of the recipient, $days left (or since), and what is listed under "fact-".

hello = Hello { $name },
house = This letter was sent by { $house } because of your role there. Letters of this kind ({ $category }) can be changed or stopped in your notification preferences.
house-mandatory = This letter was sent by { $house }. Letters about your account and its security always come.
house-changed = This letter was sent by { $house } because you know of this session. Its changes are always told.
house-participant = This letter was sent by { $house } because you are registered for this session. You can stop letters of this kind ({ $category }) here; changes of the session and what concerns your own place always come.
house-place = This letter was sent by { $house } because it concerns your own place in this session. Such letters always come.
plain-link = { $action }:
plain-row = { $label }: { $value }
unsubscribe-ask = Stop letters of this kind ({ $category })? What concerns your account and its security always comes.
unsubscribe-ask-place = Stop letters of this kind ({ $category })? Changes of a session and what concerns your own place always come.
unsubscribe-is-off = Letters of this kind ({ $category }) do not come. Changes of a session and what concerns your own place always do.
unsubscribe-is-paused = Letters of this kind ({ $category }) do not come until { $until }. Changes of a session and what concerns your own place always do.
unsubscribe-is-on = Letters of this kind ({ $category }) come again.
unsubscribe-pause = None for 30 days
unsubscribe-resume = Send them again
unsubscribe-action = Stop these letters
unsubscribed = Done: letters of this kind ({ $category }) no longer come. Your notification preferences bring them back.
digest-subject = { $count ->
    [one] One matter for you
   *[other] { $count } matters for you
}
digest-text = Here is what came together for you.
digest-action = Show what waits for me

category-security = account and security
category-mandates = mandates
category-programs = programs
category-milestones = milestones
category-training = training sessions
category-assessments = assessments and disclosures
category-risks = risks and AI systems
category-operations = operations

fact-account = Account
fact-address = Address
fact-acknowledged = Acknowledged
fact-bounced = Refused by the address
fact-by = By
fact-change = Change
fact-country = Country
fact-countries = Countries
fact-dead = Given up
fact-due = Due
fact-from = Before
fact-milestone = Milestone
fact-new-due = New date
fact-nobody = Without a recipient
fact-note = Note
fact-old-due = Old date
fact-owner = Owner
fact-confirmed = Last confirmed
fact-program = Program
fact-planned-start = Planned start
fact-planned-end = Planned end
fact-reason = Reason
fact-role = Role
fact-status = Status
fact-what = What happened
fact-when = When
fact-missing = Missing
fact-session = Session
fact-held = Days
fact-place = Place
fact-registration-closes = Registration closes
fact-person = Person
fact-offer-ends = Offer ends
fact-join = Join online
fact-seats = People with a seat
fact-came = Came
fact-attended = Attended of all hours
fact-unrecorded = Missing entries
fact-course = Course
fact-certificate = Certificate
fact-valid-until = Valid until
fact-thing = What
fact-title = Title
fact-next-due = To be made again by
fact-recipient = To
fact-team = To the team of
fact-last-day = Last day
fact-review = To be looked at on

-after-login = This letter does not say what is in it; the link shows it to you after you log in.

word-thing-assessment = assessment
word-thing-section = section of an assessment
word-thing-evidence = evidence of an assessment
word-thing-risk-register = risk register
word-thing-risk = risk
word-thing-action = action against a risk
word-thing-acceptance = acceptance of a risk
word-thing-ai-impact = impact assessment of an AI system
word-thing-ai-system = AI system
word-team-program = a program

word-change-granted = granted
word-change-removed = removed
word-role-administrator = administrator
word-role-coordinator = coordinator
word-role-focal-point = focal point
word-role-contributor = contributor
word-role-trainer = trainer
word-role-observer = observer
word-role-auditor = auditor
word-what-new-device = Login from a new device
word-what-second-factor-on = Second factor set up
word-what-second-factor-off = Second factor removed
word-what-password = Password changed
word-what-email = Address changed
word-what-email-asked = Change of address asked for
word-what-sessions = All sessions ended
word-what-other = A setting was changed
word-status-pipeline = in preparation
word-status-implementation = in implementation
word-status-finalisation = in finalisation
word-status-closed = closed
word-status-cancelled = cancelled
word-status-suspended = suspended
word-status-planned = planned
word-status-in-progress = in progress
word-status-submitted = submitted
word-status-accepted = accepted
word-status-returned = returned
word-missing-start = actual start
word-missing-end = actual end

U1-subject = You are invited to { $house }
U1-text = { $by ->
    [none] You are invited to work in { $house }.
   *[other] { $by } invites you to work in { $house }.
 }

    Open the link, choose a password, and you are in. The link works once and for 72 hours.
U1-action = Accept the invitation

U2-subject = Your invitation to { $house } is still open
U2-text = You were invited to { $house } and have not used the invitation yet.

    The link below is a new one: it works once and for 72 hours. The link of the earlier letter no longer works.
U2-action = Accept the invitation

U3-subject = A new password for { $house }
U3-text = Somebody, probably you, asked for a new password.

    The link works once and for 30 minutes. If it was not you, do nothing: your password stays as it is.
U3-action = Choose a new password

U4-subject = { $what ->
    [new-device] Login from a new device
    [second-factor-on] Second factor set up
    [second-factor-off] Second factor removed
    [password] Your password was changed
    [email] Your address was changed
    [email-asked] Confirm your new address
    [sessions] All your sessions were ended
   *[other] A security setting was changed
}
U4-text = { $what ->
    [email-asked] A change of your address to this one was asked for. Open the link to confirm it; until then nothing changes.
   *[other] This was done in your account.
 }

    If it was not you, choose a new password at once and tell your administrator.
U4-action = { $what ->
    [email-asked] Confirm the new address
   *[other] Look at my account
}

U5-subject = { $change ->
    [removed] A role was removed from your account
   *[granted] You have a new role
}
U5-text = { $change ->
    [removed] The role below was removed from your account.
   *[granted] The role below was given to your account.
 }
U5-action = Look at my account

U6-subject = Many failed logins
U6-text = Somebody tried many times to log in to the account below and failed. Further attempts from unknown devices are slowed down.

    Devices that logged in before are not affected. If it was not you, nothing needs to be done, provided that your password is used nowhere else.
U6-action = Look at my account

F1-subject = Please confirm that you speak for { $country }
F1-text = Focal points are confirmed every 180 days. Yours is due.
F1-action = Confirm my mandate

F2-subject = Not confirmed: focal point of { $country }
F2-text = The mandate below was due to be confirmed { $days } days ago.
F2-action = Look at the mandate

P1-subject = { $program } is now { $status }
P1-text = The status of the program changed.
P1-action = Look at the program

P2-subject = { $to ->
    [suspended] Suspended: { $program }
   *[other] Cancelled: { $program }
}
P2-text = { $to ->
    [suspended] The program is suspended. Its dates stay as they are until it goes on.
   *[other] The program is cancelled. Its reminders stop.
 }
P2-action = Look at the program

P3-subject = { $days ->
    [0] Starts today, not acknowledged: { $program }
    [1] Starts tomorrow, not acknowledged: { $program }
   *[other] Starts in { $days } days, not acknowledged: { $program }
}
P3-text = The program is to start and at least one partner country has not acknowledged it yet. It can't start before.
P3-action = Look at the program

P4-subject = { $days ->
    [0] Ends today: { $program }
    [1] Ends tomorrow: { $program }
   *[other] Ends in { $days } days: { $program }
}
P4-text = The program nears its planned end. Please look at what is still open.
P4-action = Look at the program

P5-subject = { $missing ->
    [start] Has it started? { $program }
   *[end] Has it ended? { $program }
}
P5-text = { $missing ->
    [start] The planned start has passed { $days } { $days ->
        [one] day
       *[other] days
     } ago and no actual start is recorded.
   *[end] The planned end has passed { $days } { $days ->
        [one] day
       *[other] days
     } ago and no actual end is recorded.
 }

    Please record the date, or move the planned one.
P5-action = Look at the program

M1-subject = Yours now: { $milestone }
M1-text = This milestone was assigned to you.
M1-action = Look at the milestone

M2-subject = { $days ->
    [0] Due today: { $milestone }
    [1] Due tomorrow: { $milestone }
   *[other] Due in { $days } days: { $milestone }
}
M2-text = { $days ->
    [0] This milestone is due today.
    [1] This milestone is due tomorrow.
   *[other] This milestone is due in { $days } days.
 }
M2-action = Look at the milestone

M3-subject = { $days ->
    [one] Overdue since yesterday: { $milestone }
   *[other] Overdue for { $days } days: { $milestone }
}
M3-text = This milestone is past its date and was not submitted. Please submit it, or agree on a new date.
M3-action = Look at the milestone

M4-subject = New date: { $milestone }
M4-text = The date of this milestone was moved.
M4-action = Look at the milestone

M5-subject = { $to ->
    [submitted] Submitted: { $milestone }
    [accepted] Accepted: { $milestone }
   *[returned] Returned: { $milestone }
}
M5-text = { $to ->
    [submitted] This milestone was submitted and now waits for acceptance.
    [accepted] This milestone was accepted.
   *[returned] This milestone was returned. The note says what is still needed.
 }
M5-action = Look at the milestone

M6-subject = { $days ->
    [0] Waits for your acceptance: { $milestone }
   *[other] Still waits for acceptance: { $milestone }
}
M6-text = { $days ->
    [0] The milestone below was submitted. Please accept it, or return it with a note.
   *[other] The milestone below was submitted { $days } days ago and still waits to be accepted or returned.
 }
M6-action = Look at the milestone

T1-subject = { $to ->
    [open] Registration is open: { $session }
   *[other] New training session: { $session }
}
T1-text = { $to ->
    [open] Registration for the session below is open for your country.
   *[other] Your country is invited to the training session below.
 }
T1-action = Look at the session

T2-subject = { $days ->
    [0] Registration closes today: { $session }
    [1] Registration closes tomorrow: { $session }
   *[other] Registration closes in { $days } days: { $session }
}
T2-text = Please name in time who comes from your country.
T2-action = Look at the session

T3-subject = { $to ->
    [confirmed] Accepted: { $session }
    [waitlisted] On the waiting list: { $session }
    [withdrawn] Withdrawn: { $session }
    [lapsed] Offer not taken: { $session }
    [given-back] Seat given back: { $session }
   *[declined] Not accepted: { $session }
}
T3-text = { $to ->
    [confirmed] The person below, whom your country named, has a seat. They are written to as well.
    [waitlisted] The person below, whom your country named, waits for a seat. They are written to as well.
    [withdrawn] The person below, whom your country named, no longer comes.
    [lapsed] A seat was offered to the person below, whom your country named, and was not taken in time. It goes to the next who waits.
    [given-back] A seat was offered to the person below, whom your country named, and was given back. It goes to the next who waits.
   *[declined] The person below, whom your country named, was not accepted.
 }
T3-action = Look at the session

T4-subject = { $to ->
    [invited] You are invited: { $session }
    [confirmed] You have a seat: { $session }
    [waitlisted] You are on the waiting list: { $session }
    [withdrawn] You are no longer registered: { $session }
    [lapsed] Your offer ran out: { $session }
    [given-back] You gave your seat back: { $session }
   *[declined] Not accepted this time: { $session }
}
T4-text = { $to ->
    [invited] You are asked to come to the training session below. Please say whether you come; the link needs no account and no password. Keep it to yourself.
    [confirmed] You have a seat in the training session below. The invitation in this letter keeps its days in your calendar.

    If you can't come, say so with the link, so that somebody else can. It needs no account and no password; keep it to yourself.
    [waitlisted] All seats of the training session below are taken, and you are on the waiting list. When a seat falls free for you, we write to you.
    [withdrawn] You are no longer registered for the training session below.
    [lapsed] A seat was kept for you in the training session below until the offer ran out. It goes to the next who waits.
    [given-back] You do not take the seat that was offered to you in the training session below. It goes to the next who waits.
   *[declined] You were named for the training session below and were not accepted this time.
 }
T4-action = Show my place

T5-subject = { $hours ->
    [0] { $as ->
        [participants] A seat is free for you: { $session }
       *[other] A seat is offered: { $session }
     }
   *[other] { $as ->
        [participants] Your offer runs out in { $hours } hours: { $session }
       *[other] An offer runs out in { $hours } hours: { $session }
     }
}
T5-text = { $as ->
    [participants] A seat in the training session below fell free and is kept for you. Take it or give it back with the link before the offer ends; then it goes to the next who waits. The link needs no account and no password; keep it to yourself.
   *[other] A seat in the training session below fell free and is kept for the person below until the offer ends. They are written to as well.
 }
T5-action = { $as ->
    [participants] Take the seat or give it back
   *[other] Look at the session
}

T6-subject = { $hours ->
    [0] { $days ->
        [0] Today: { $session }
        [1] Tomorrow: { $session }
       *[other] In { $days } days: { $session }
     }
   *[other] In { $hours } hours: { $session }
}
T6-text = { $as ->
    [participants] You have a seat in the session below. The invitation in this letter keeps its days in your calendar. If you can't come, say so with the link, so that somebody else can.
   *[other] You train in the session below. The invitation in this letter keeps its days in your calendar.
 }
T6-action = { $as ->
    [participants] Show my place
   *[other] Look at the session
}

T7-subject = { $to ->
    [cancelled] Cancelled: { $session }
    [postponed] Postponed: { $session }
    [again] Takes place again: { $session }
    [time] New time: { $session }
    [place] New place: { $session }
    [joined] You train in: { $session }
    [left] No longer for you: { $session }
   *[other] New time and place: { $session }
}
T7-text = { $to ->
    [cancelled] The training session below does not take place. Its reminders stop.
    [postponed] The training session below does not take place on the days that were told. New days will be told.
    [again] The training session below was postponed and now has its days.
    [joined] You are now a trainer of the session below. The invitation in this letter keeps its days in your calendar.
    [left] { $as ->
        [trainers] You are no longer a trainer of the session below. This letter takes it out of your calendar.
       *[other] Your country is no longer invited to the training session below. This letter takes it out of your calendar.
     }
   *[other] The training session below changed. Please go by what stands here.
 }
T7-action = { $as ->
    [participants] Show my place
   *[other] { $to ->
        [left] Look at the program
       *[other] Look at the session
     }
}

T8-subject = Attendance not recorded: { $session }
T8-text = The training session below was held, and for some of its days it is not recorded who was there. Without it nobody has completed the session.
T8-action = Look at the session

T9-subject = Few came: { $session }
T9-text = Your country's people, all together, attended less of the training session below than it asks of each.
T9-action = Look at the session

T10-subject = What did you think of it? { $session }
T10-text = You were at the training session below. Please say in a minute what was good and what was not; your answers are shown as counts and without your name. The link needs no account and no password; keep it to yourself.
T10-action = Say what I think

T11-subject = { $to ->
    [revoked] Your certificate was revoked: { $course }
   *[issued] Your certificate: { $course }
}
T11-text = { $to ->
    [revoked] The certificate below was revoked and is not valid. Whoever checks it by its number is told so. If you do not know why, ask those who held the course.
   *[issued] You completed the course below, and this is your certificate. Anyone whom you give its number or its link can check it; the page prints on one sheet.
 }
T11-action = Show the certificate

T12-subject = Your certificate expires in { $days } days: { $course }
T12-text = The certificate below is valid until the day that stands there. Ask those who held the course how it is renewed.
T12-action = Show the certificate

A1-subject = { $to ->
    [planned] { $country }: an assessment is planned
   *[other] { $country }: an assessment has begun
}
A1-text = { $to ->
    [planned] An assessment of the country below is planned. A focal point of the country opens it; then it can be filled in.
   *[other] The assessment of the country below has begun: it can be filled in.
 }

    { -after-login }
A1-action = Look at the assessment

A2-subject = { $country }: a section of an assessment is yours to fill in
A2-text = A section of an assessment of the country below was assigned to you. You fill it in as soon as it is open.

    { -after-login }
A2-action = Look at the section

A3-subject = { $thing ->
    [section] { $days ->
        [0] { $country }: a section of an assessment is due today
        [1] { $country }: a section of an assessment is due tomorrow
       *[other] { $country }: a section of an assessment is due in { $days } days
     }
   *[other] { $days ->
        [0] { $country }: an assessment is due today
        [1] { $country }: an assessment is due tomorrow
       *[other] { $country }: an assessment is due in { $days } days
     }
}
A3-text = { $as ->
    [assignee] Please fill in your section and hand it in by the day below.
   *[other] Please see to it that it is handed in by the day below.
 }
A3-action = { $thing ->
    [section] Look at the section
   *[other] Look at the assessment
}

A4-subject = { $thing ->
    [section] { $days ->
        [one] { $country }: a section of an assessment is overdue since yesterday
       *[other] { $country }: a section of an assessment is overdue for { $days } days
     }
   *[other] { $days ->
        [one] { $country }: an assessment is overdue since yesterday
       *[other] { $country }: an assessment is overdue for { $days } days
     }
}
A4-text = { $as ->
    [assignee] The day below has passed and your section was not handed in. Please hand it in, or agree on a new day.
   *[other] The day below has passed and it was not handed in. Please see to it, or set a new day.
 }
A4-action = { $thing ->
    [section] Look at the section
   *[other] Look at the assessment
}

A5-subject = { $thing ->
    [section] { $to ->
        [returned] { $country }: a section of an assessment was handed back
       *[other] { $country }: a section of an assessment was handed in
     }
   *[other] { $to ->
        [validated] { $country }: an assessment was validated
        [returned] { $country }: an assessment was handed back
       *[other] { $country }: an assessment was handed in
     }
}
A5-text = { $to ->
    [validated] The assessment of the country below was validated. A focal point of the country decides what is disclosed of it.
    [returned] It was handed back. What is still to be done stands with it.
   *[other] { $as ->
        [reviewers] The assessment of the country below was handed in and waits for your review: hand it back, or validate it.
       *[other] It was handed in.
     }
 }

    { -after-login }
A5-action = { $thing ->
    [section] Look at the section
   *[other] Look at the assessment
}

A6-subject = { $country }: an assessment still waits for your review
A6-text = The assessment of the country below was handed in { $days } days ago and waits: hand it back, or validate it.
A6-action = Look at the assessment

A7-subject = { $days ->
    [0] { $country }: evidence of an assessment expires today
    [1] { $country }: evidence of an assessment expires tomorrow
   *[other] { $country }: evidence of an assessment expires in { $days } days
}
A7-text = After the day below it no longer proves what it was offered for. Please offer what takes its place when the assessment is made again.
A7-action = Look at the evidence

A8-subject = { $country }: an assessment is to be made again in { $days } days
A8-text = The assessment of the country below speaks of the past. By the day below it is to be made again; its answers can be carried over for review.
A8-action = Look at the assessment

K1-subject = { $thing ->
    [risk] { $country }: a risk is yours to answer for
    [action] { $country }: an action against a risk is yours
   *[other] { $country }: an AI system is yours to answer for
}
K1-text = What stands below was assigned to you.

    { -after-login }
K1-action = Show it to me

K2-subject = { $country }: a risk is above what is tolerated
K2-text = The level of a risk rose and is now above the tolerance of its register. It is to be treated, or its acceptance asked for.

    { -after-login }
K2-action = Look at the risk

K3-subject = { $by-day ->
    [after] { $days ->
        [one] { $country }: an action against a risk is overdue since yesterday
       *[other] { $country }: an action against a risk is overdue for { $days } days
     }
   *[before] { $days ->
        [0] { $country }: an action against a risk is due today
        [1] { $country }: an action against a risk is due tomorrow
       *[other] { $country }: an action against a risk is due in { $days } days
     }
}
K3-text = { $by-day ->
    [after] The day below has passed and the action is not done. Please do it, or agree on a new day.
   *[before] Please do it by the day below.
 }
K3-action = Look at the action

K4-subject = { $days ->
    [0] { $country }: the acceptance of a risk waits for you
   *[other] { $country }: the acceptance of a risk still waits for you
}
K4-text = Somebody asks that a risk be borne as it is until the last day below. Please accept it or reject it; who asks never decides.

    { -after-login }
K4-action = Look at the acceptance

K4D-subject = { $country }: the acceptance of a risk runs out in { $days } days
K4D-text = After the last day below nobody accepts the risk any more, and it is evaluated again. Treat it, or ask for a new acceptance in time.
K4D-action = Look at the acceptance

K4E-subject = { $to ->
    [accepted] { $country }: a risk was accepted
    [rejected] { $country }: a risk was not accepted
    [revoked] { $country }: the acceptance of a risk was taken back
   *[expired] { $country }: the acceptance of a risk ran out
}
K4E-text = { $to ->
    [accepted] The risk is borne as it is until the last day below.
    [rejected] The risk is not borne as it is. The link says why.
    [revoked] Nobody accepts the risk any more, and it is evaluated again. The link says why.
   *[expired] Its last day has passed. Nobody accepts the risk any more, and it is evaluated again.
 }
K4E-action = Look at the acceptance

K5-subject = { $by-day ->
    [after] { $thing ->
        [risk] { $country }: a risk was to be looked at { $days } days ago
       *[other] { $country }: an AI impact assessment was to be looked at { $days } days ago
     }
   *[before] { $thing ->
        [risk] { $days ->
            [0] { $country }: a risk is to be looked at today
           *[other] { $country }: a risk is to be looked at in { $days } days
         }
       *[other] { $days ->
            [0] { $country }: an AI impact assessment is to be looked at today
           *[other] { $country }: an AI impact assessment is to be looked at in { $days } days
         }
     }
}
K5-text = Does it still hold as it was written? Please look at it again and set the next day.
K5-action = Show it to me

K6-subject = { $country }: something happened to a risk
K6-text = Something happened that makes a risk be looked at again, and it was opened again.

    { -after-login }
K6-action = Look at the risk

S1-subject = { $to ->
    [proposed] { $country }: a disclosure is asked for
    [granted] { $as ->
        [recipients] { $country }: something is disclosed to you
       *[other] { $country }: a disclosure was granted
     }
    [declined] { $country }: a disclosure was declined
   *[other] { $country }: a disclosure was taken back
}
S1-text = { $to ->
    [proposed] Somebody asks your country to disclose what stands below. A focal point grants or declines; until then nothing is shown. The link says for what it is needed.
    [granted] { $as ->
        [recipients] The country discloses what stands below, until the last day. Who reads it stands in the country’s access log.
       *[other] What stands below is disclosed until the last day. A focal point can take that back at any time.
     }
    [declined] The country does not disclose what stands below. The link says why.
   *[other] What stands below is no longer disclosed. The link says why.
 }
S1-action = Look at the disclosure

S2-subject = { $days ->
    [0] { $country }: a disclosure ends today
    [1] { $country }: a disclosure ends tomorrow
   *[other] { $country }: a disclosure ends in { $days } days
}
S2-text = { $as ->
    [recipients] What stands below is disclosed until the last day and then closed. If you need it longer, ask the country in time.
   *[other] What stands below is disclosed until the last day and then closed. If it is needed longer, grant a new disclosure.
 }
S2-action = Look at the disclosure

E2-subject = Some letters reached nobody
E2-text = In the last hour some letters had no recipient, were refused, or were given up.
E2-action = Show the delivery log
