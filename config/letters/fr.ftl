# Lettres en français. Espaces insécables U+00A0 et U+202F, apostrophe typographique.

hello = Bonjour { $name },
house = Cette lettre vous est envoyée par { $house } en raison de votre rôle. Vous pouvez changer ou arrêter les lettres de ce genre ({ $category }) dans vos préférences de notification.
house-mandatory = Cette lettre vous est envoyée par { $house }. Les lettres qui concernent votre compte et sa sécurité arrivent toujours.
house-changed = Cette lettre vous est envoyée par { $house } parce que vous avez connaissance de cette session. Ses changements sont toujours annoncés.
house-participant = Cette lettre vous est envoyée par { $house } parce que vous êtes inscrit(e) à cette session. Vous pouvez arrêter ici les lettres de ce genre ({ $category }) ; les changements de la session et ce qui concerne votre propre place arrivent toujours.
house-place = Cette lettre vous est envoyée par { $house } parce qu’elle concerne votre propre place dans cette session. Ces lettres arrivent toujours.
plain-link = { $action } :
plain-row = { $label } : { $value }
unsubscribe-ask = Arrêter les lettres de ce genre ({ $category }) ? Ce qui concerne votre compte et sa sécurité arrive toujours.
unsubscribe-ask-place = Arrêter les lettres de ce genre ({ $category }) ? Les changements d’une session et ce qui concerne votre propre place arrivent toujours.
unsubscribe-is-off = Les lettres de ce genre ({ $category }) n’arrivent pas. Les changements d’une session et ce qui concerne votre propre place arrivent toujours.
unsubscribe-is-paused = Les lettres de ce genre ({ $category }) n’arrivent pas avant le { $until }. Les changements d’une session et ce qui concerne votre propre place arrivent toujours.
unsubscribe-is-on = Les lettres de ce genre ({ $category }) arrivent de nouveau.
unsubscribe-pause = Aucune pendant 30 jours
unsubscribe-resume = Les envoyer de nouveau
unsubscribe-action = Arrêter ces lettres
unsubscribed = C’est fait : les lettres de ce genre ({ $category }) n’arrivent plus. Vos préférences de notification les rétablissent.
digest-subject = { $count ->
    [one] Un point pour vous
   *[other] { $count } points pour vous
}
digest-text = Voici ce qui s’est réuni pour vous.
digest-action = Voir ce qui m’attend

category-security = compte et sécurité
category-mandates = mandats
category-programs = programmes
category-milestones = jalons
category-training = sessions de formation
category-assessments = évaluations et communications
category-risks = risques et systèmes d’IA
category-operations = exploitation

fact-account = Compte
fact-address = Adresse
fact-acknowledged = Pris en compte
fact-bounced = Refusées par l’adresse
fact-by = Par
fact-change = Changement
fact-country = Pays
fact-countries = Pays
fact-dead = Abandonnées
fact-due = Échéance
fact-from = Avant
fact-milestone = Jalon
fact-new-due = Nouvelle date
fact-nobody = Sans destinataire
fact-note = Note
fact-old-due = Ancienne date
fact-owner = Responsable
fact-confirmed = Dernière confirmation
fact-program = Programme
fact-planned-start = Début prévu
fact-planned-end = Fin prévue
fact-reason = Motif
fact-role = Rôle
fact-status = État
fact-what = Ce qui s’est passé
fact-when = Quand
fact-missing = Manquant
fact-session = Session
fact-held = Jours
fact-place = Lieu
fact-registration-closes = Fin des inscriptions
fact-person = Personne
fact-offer-ends = Fin de l’offre
fact-join = Participer en ligne
fact-seats = Personnes avec une place
fact-came = Venues
fact-attended = Suivi de toutes les heures
fact-unrecorded = Présences manquantes
fact-course = Formation
fact-certificate = Certificat
fact-valid-until = Valable jusqu’au
fact-thing = Objet
fact-title = Titre
fact-next-due = À refaire au plus tard le
fact-recipient = À
fact-team = À l’équipe de
fact-last-day = Dernier jour
fact-review = À revoir le

-after-login = Cette lettre ne dit pas ce qui s’y trouve ; le lien vous le montre après connexion.

word-thing-assessment = évaluation
word-thing-section = section d’une évaluation
word-thing-evidence = preuve d’une évaluation
word-thing-risk-register = registre des risques
word-thing-risk = risque
word-thing-action = action contre un risque
word-thing-acceptance = acceptation d’un risque
word-thing-ai-impact = étude d’impact d’un système d’IA
word-thing-ai-system = système d’IA
word-team-program = un programme

word-change-granted = attribué
word-change-removed = retiré
word-role-administrator = administration
word-role-coordinator = coordination
word-role-focal-point = point focal
word-role-contributor = contribution
word-role-trainer = formation
word-role-observer = observation
word-role-auditor = audit
word-what-new-device = Connexion depuis un nouvel appareil
word-what-second-factor-on = Second facteur activé
word-what-second-factor-off = Second facteur retiré
word-what-password = Mot de passe changé
word-what-email = Adresse changée
word-what-email-asked = Changement d’adresse demandé
word-what-sessions = Toutes les sessions fermées
word-what-other = Un réglage a été changé
word-status-pipeline = en préparation
word-status-implementation = en cours
word-status-finalisation = en voie d’achèvement
word-status-closed = clos
word-status-cancelled = annulé
word-status-suspended = suspendu
word-status-planned = prévu
word-status-in-progress = en cours
word-status-submitted = remis
word-status-accepted = accepté
word-status-returned = renvoyé
word-missing-start = début effectif
word-missing-end = fin effective

U1-subject = Vous êtes invité(e) sur { $house }
U1-text = { $by ->
    [none] Vous êtes invité(e) à travailler sur { $house }.
   *[other] { $by } vous invite à travailler sur { $house }.
 }

    Ouvrez le lien, choisissez un mot de passe, et c’est fait. Le lien sert une seule fois, pendant 72 heures.
U1-action = Accepter l’invitation

U2-subject = Votre invitation sur { $house } vous attend toujours
U2-text = Vous avez été invité(e) sur { $house } et n’avez pas encore utilisé l’invitation.

    Le lien ci-dessous est nouveau : il sert une seule fois, pendant 72 heures. Celui de la première lettre ne sert plus.
U2-action = Accepter l’invitation

U3-subject = Un nouveau mot de passe pour { $house }
U3-text = Quelqu’un, sans doute vous, a demandé un nouveau mot de passe.

    Le lien sert une seule fois, pendant 30 minutes. Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.
U3-action = Choisir un nouveau mot de passe

U4-subject = { $what ->
    [new-device] Connexion depuis un nouvel appareil
    [second-factor-on] Second facteur activé
    [second-factor-off] Second facteur retiré
    [password] Votre mot de passe a été changé
    [email] Votre adresse a été changée
    [email-asked] Confirmez votre nouvelle adresse
    [sessions] Toutes vos sessions ont été fermées
   *[other] Un réglage de sécurité a été changé
}
U4-text = { $what ->
    [email-asked] Le remplacement de votre adresse par celle-ci a été demandé. Ouvrez le lien pour le confirmer ; d’ici là, rien ne change.
   *[other] Ceci a été fait dans votre compte.
 }

    Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe et prévenez votre administrateur.
U4-action = { $what ->
    [email-asked] Confirmer la nouvelle adresse
   *[other] Voir mon compte
}

U5-subject = { $change ->
    [removed] Un rôle a été retiré de votre compte
   *[granted] Vous avez un nouveau rôle
}
U5-text = { $change ->
    [removed] Le rôle ci-dessous a été retiré de votre compte.
   *[granted] Le rôle ci-dessous a été attribué à votre compte.
 }
U5-action = Voir mon compte

U6-subject = De nombreuses connexions échouées
U6-text = Quelqu’un a essayé de nombreuses fois, sans succès, de se connecter au compte ci-dessous. Les essais depuis des appareils inconnus sont ralentis.

    Les appareils déjà connus ne sont pas touchés. Si ce n’était pas vous, il n’y a rien à faire, pourvu que votre mot de passe ne serve nulle part ailleurs.
U6-action = Voir mon compte

F1-subject = Confirmez que vous êtes le point focal : { $country }
F1-text = Les points focaux sont confirmés tous les 180 jours. C’est le moment pour vous.
F1-action = Confirmer mon mandat

F2-subject = Point focal non confirmé : { $country }
F2-text = Le mandat ci-dessous devait être confirmé il y a { $days } jours.
F2-action = Voir le mandat

P1-subject = { $program } : { $status }
P1-text = L’état du programme a changé.
P1-action = Voir le programme

P2-subject = { $to ->
    [suspended] Suspendu : { $program }
   *[other] Annulé : { $program }
}
P2-text = { $to ->
    [suspended] Le programme est suspendu. Ses dates restent telles quelles jusqu’à la reprise.
   *[other] Le programme est annulé. Ses rappels s’arrêtent.
 }
P2-action = Voir le programme

P3-subject = { $days ->
    [0] Commence aujourd’hui, pas encore pris en compte : { $program }
    [1] Commence demain, pas encore pris en compte : { $program }
   *[other] Commence dans { $days } jours, pas encore pris en compte : { $program }
}
P3-text = Le programme doit commencer et au moins un pays partenaire ne l’a pas encore pris en compte. Il ne peut pas commencer avant.
P3-action = Voir le programme

P4-subject = { $days ->
    [0] Se termine aujourd’hui : { $program }
    [1] Se termine demain : { $program }
   *[other] Se termine dans { $days } jours : { $program }
}
P4-text = Le programme approche de sa fin prévue. Merci de regarder ce qui reste ouvert.
P4-action = Voir le programme

P5-subject = { $missing ->
    [start] A-t-il commencé ? { $program }
   *[end] Est-il terminé ? { $program }
}
P5-text = { $missing ->
    [start] Le début prévu est passé depuis { $days } { $days ->
        [one] jour
       *[other] jours
     } et aucun début effectif n’est noté.
   *[end] La fin prévue est passée depuis { $days } { $days ->
        [one] jour
       *[other] jours
     } et aucune fin effective n’est notée.
 }

    Merci de noter la date, ou de déplacer la date prévue.
P5-action = Voir le programme

M1-subject = Il est à vous : { $milestone }
M1-text = Ce jalon vous a été confié.
M1-action = Voir le jalon

M2-subject = { $days ->
    [0] Échéance aujourd’hui : { $milestone }
    [1] Échéance demain : { $milestone }
   *[other] Échéance dans { $days } jours : { $milestone }
}
M2-text = { $days ->
    [0] Ce jalon arrive à échéance aujourd’hui.
    [1] Ce jalon arrive à échéance demain.
   *[other] Ce jalon arrive à échéance dans { $days } jours.
 }
M2-action = Voir le jalon

M3-subject = { $days ->
    [one] En retard depuis hier : { $milestone }
   *[other] En retard de { $days } jours : { $milestone }
}
M3-text = Ce jalon a dépassé sa date et n’a pas été remis. Merci de le remettre, ou de convenir d’une nouvelle date.
M3-action = Voir le jalon

M4-subject = Nouvelle date : { $milestone }
M4-text = La date de ce jalon a été déplacée.
M4-action = Voir le jalon

M5-subject = { $to ->
    [submitted] Remis : { $milestone }
    [accepted] Accepté : { $milestone }
   *[returned] Renvoyé : { $milestone }
}
M5-text = { $to ->
    [submitted] Ce jalon a été remis et attend d’être accepté.
    [accepted] Ce jalon a été accepté.
   *[returned] Ce jalon a été renvoyé. La note dit ce qui manque encore.
 }
M5-action = Voir le jalon

M6-subject = { $days ->
    [0] Attend votre acceptation : { $milestone }
   *[other] Attend toujours d’être accepté : { $milestone }
}
M6-text = { $days ->
    [0] Le jalon ci-dessous a été remis. Merci de l’accepter, ou de le renvoyer avec une note.
   *[other] Le jalon ci-dessous a été remis il y a { $days } jours et attend toujours d’être accepté ou renvoyé.
 }
M6-action = Voir le jalon

T1-subject = { $to ->
    [open] Les inscriptions sont ouvertes : { $session }
   *[other] Nouvelle session de formation : { $session }
}
T1-text = { $to ->
    [open] Les inscriptions à la session ci-dessous sont ouvertes pour votre pays.
   *[other] Votre pays est invité à la session de formation ci-dessous.
 }
T1-action = Voir la session

T2-subject = { $days ->
    [0] Les inscriptions se terminent aujourd’hui : { $session }
    [1] Les inscriptions se terminent demain : { $session }
   *[other] Les inscriptions se terminent dans { $days } jours : { $session }
}
T2-text = Veuillez indiquer à temps qui vient de votre pays.
T2-action = Voir la session

T3-subject = { $to ->
    [confirmed] Candidature acceptée : { $session }
    [waitlisted] Sur la liste d’attente : { $session }
    [withdrawn] Inscription retirée : { $session }
    [lapsed] Offre non saisie : { $session }
    [given-back] Place rendue : { $session }
   *[declined] Candidature non retenue : { $session }
}
T3-text = { $to ->
    [confirmed] La personne ci-dessous, désignée par votre pays, a une place. Elle en est informée aussi.
    [waitlisted] La personne ci-dessous, désignée par votre pays, attend une place. Elle en est informée aussi.
    [withdrawn] La personne ci-dessous, désignée par votre pays, ne vient plus.
    [lapsed] Une place a été offerte à la personne ci-dessous, désignée par votre pays, et n’a pas été prise à temps. Elle va à la personne suivante.
    [given-back] Une place a été offerte à la personne ci-dessous, désignée par votre pays, et a été rendue. Elle va à la personne suivante.
   *[declined] La personne ci-dessous, désignée par votre pays, n’a pas été retenue.
 }
T3-action = Voir la session

T4-subject = { $to ->
    [invited] Vous êtes invité(e) : { $session }
    [confirmed] Vous avez une place : { $session }
    [waitlisted] Vous êtes sur la liste d’attente : { $session }
    [withdrawn] Vous n’êtes plus inscrit(e) : { $session }
    [lapsed] Votre offre a expiré : { $session }
    [given-back] Vous avez rendu votre place : { $session }
   *[declined] Pas retenu(e) cette fois : { $session }
}
T4-text = { $to ->
    [invited] Vous êtes invité(e) à venir à la session de formation ci-dessous. Merci de dire si vous venez ; le lien ne demande ni compte ni mot de passe. Gardez-le pour vous.
    [confirmed] Vous avez une place dans la session de formation ci-dessous. L’invitation jointe à cette lettre garde ses jours dans votre agenda.

    Si vous ne pouvez pas venir, dites-le avec le lien, afin que quelqu’un d’autre le puisse. Il ne demande ni compte ni mot de passe ; gardez-le pour vous.
    [waitlisted] Toutes les places de la session de formation ci-dessous sont prises et vous êtes sur la liste d’attente. Dès qu’une place se libère pour vous, nous vous écrivons.
    [withdrawn] Vous n’êtes plus inscrit(e) à la session de formation ci-dessous.
    [lapsed] Une place vous était gardée dans la session de formation ci-dessous jusqu’à la fin de l’offre. Elle va à la personne suivante.
    [given-back] Vous ne prenez pas la place qui vous était offerte dans la session de formation ci-dessous. Elle va à la personne suivante.
   *[declined] Vous avez été désigné(e) pour la session de formation ci-dessous et n’avez pas été retenu(e) cette fois.
 }
T4-action = Voir ma place

T5-subject = { $hours ->
    [0] { $as ->
        [participants] Une place est libre pour vous : { $session }
       *[other] Une place est offerte : { $session }
     }
   *[other] { $as ->
        [participants] Votre offre expire dans { $hours } heures : { $session }
       *[other] Une offre expire dans { $hours } heures : { $session }
     }
}
T5-text = { $as ->
    [participants] Une place s’est libérée dans la session de formation ci-dessous et vous est gardée. Prenez-la ou rendez-la avec le lien avant la fin de l’offre ; ensuite elle va à la personne suivante. Le lien ne demande ni compte ni mot de passe ; gardez-le pour vous.
   *[other] Une place s’est libérée dans la session de formation ci-dessous et est gardée pour la personne ci-dessous jusqu’à la fin de l’offre. Elle en est informée aussi.
 }
T5-action = { $as ->
    [participants] Prendre la place ou la rendre
   *[other] Voir la session
}

T6-subject = { $hours ->
    [0] { $days ->
        [0] Aujourd’hui : { $session }
        [1] Demain : { $session }
       *[other] Dans { $days } jours : { $session }
     }
   *[other] Dans { $hours } heures : { $session }
}
T6-text = { $as ->
    [participants] Vous avez une place dans la session ci-dessous. L’invitation jointe à cette lettre garde ses jours dans votre agenda. Si vous ne pouvez pas venir, dites-le avec le lien, afin que quelqu’un d’autre le puisse.
   *[other] Vous formez dans la session ci-dessous. L’invitation jointe à cette lettre garde ses jours dans votre agenda.
 }
T6-action = { $as ->
    [participants] Voir ma place
   *[other] Voir la session
}

T7-subject = { $to ->
    [cancelled] Annulée : { $session }
    [postponed] Reportée : { $session }
    [again] De nouveau prévue : { $session }
    [time] Nouvel horaire : { $session }
    [place] Nouveau lieu : { $session }
    [joined] Vous formez dans : { $session }
    [left] Ne vous concerne plus : { $session }
   *[other] Nouvel horaire et nouveau lieu : { $session }
}
T7-text = { $to ->
    [cancelled] La session de formation ci-dessous n’a pas lieu. Ses rappels cessent.
    [postponed] La session de formation ci-dessous n’a pas lieu aux jours annoncés. De nouveaux jours seront annoncés.
    [again] La session de formation ci-dessous avait été reportée ; ses jours sont désormais fixés.
    [joined] Vous formez désormais dans la session ci-dessous. L’invitation jointe à cette lettre garde ses jours dans votre agenda.
    [left] { $as ->
        [trainers] Vous ne formez plus dans la session ci-dessous. Cette lettre la retire de votre agenda.
       *[other] Votre pays n’est plus invité à la session de formation ci-dessous. Cette lettre la retire de votre agenda.
     }
   *[other] La session de formation ci-dessous a changé. Veuillez vous fier à ce qui figure ici.
 }
T7-action = { $as ->
    [participants] Voir ma place
   *[other] { $to ->
        [left] Voir le programme
       *[other] Voir la session
     }
}

T8-subject = Présences non notées : { $session }
T8-text = La session de formation ci-dessous a eu lieu et, pour certains de ses jours, il n’est pas noté qui était là. Sans cela, personne ne l’a achevée.
T8-action = Voir la session

T9-subject = Peu de présences : { $session }
T9-text = Les personnes de votre pays, toutes ensemble, ont suivi de la session de formation ci-dessous moins que ce qu’elle demande à chacune.
T9-action = Voir la session

T10-subject = Qu’en avez-vous pensé ? { $session }
T10-text = Vous étiez à la session de formation ci-dessous. Dites en une minute ce qui était bien et ce qui ne l’était pas ; vos réponses sont montrées en chiffres et sans votre nom. Le lien ne demande ni compte ni mot de passe ; gardez-le pour vous.
T10-action = Dire ce que j’en pense

T11-subject = { $to ->
    [revoked] Votre certificat a été révoqué : { $course }
   *[issued] Votre certificat : { $course }
}
T11-text = { $to ->
    [revoked] Le certificat ci-dessous a été révoqué et n’est pas valable. Quiconque le vérifie par son numéro l’apprend. Si vous ne savez pas pourquoi, demandez-le à ceux qui ont tenu la formation.
   *[issued] Vous avez suivi avec succès la formation ci-dessous, et voici votre certificat. Toute personne à qui vous donnez son numéro ou son lien peut le vérifier ; la page s’imprime sur une feuille.
 }
T11-action = Voir le certificat

T12-subject = Votre certificat expire dans { $days } jours : { $course }
T12-text = Le certificat ci-dessous est valable jusqu’au jour indiqué. Demandez à ceux qui ont tenu la formation comment il se renouvelle.
T12-action = Voir le certificat

A1-subject = { $to ->
    [planned] { $country } : une évaluation est prévue
   *[other] { $country } : une évaluation a commencé
}
A1-text = { $to ->
    [planned] Une évaluation du pays ci-dessous est prévue. Un point focal du pays l’ouvre ; elle peut alors être remplie.
   *[other] L’évaluation du pays ci-dessous a commencé : elle peut être remplie.
 }

    { -after-login }
A1-action = Voir l’évaluation

A2-subject = { $country } : une section d’évaluation vous est confiée
A2-text = Une section d’une évaluation du pays ci-dessous vous est confiée. Vous la remplissez dès qu’elle est ouverte.

    { -after-login }
A2-action = Voir la section

A3-subject = { $thing ->
    [section] { $days ->
        [0] { $country } : une section d’évaluation est à rendre aujourd’hui
        [1] { $country } : une section d’évaluation est à rendre demain
       *[other] { $country } : une section d’évaluation est à rendre dans { $days } jours
     }
   *[other] { $days ->
        [0] { $country } : une évaluation est à rendre aujourd’hui
        [1] { $country } : une évaluation est à rendre demain
       *[other] { $country } : une évaluation est à rendre dans { $days } jours
     }
}
A3-text = { $as ->
    [assignee] Veuillez remplir votre section et la remettre au plus tard le jour indiqué.
   *[other] Veuillez veiller à ce qu’elle soit remise au plus tard le jour indiqué.
 }
A3-action = { $thing ->
    [section] Voir la section
   *[other] Voir l’évaluation
}

A4-subject = { $thing ->
    [section] { $days ->
        [one] { $country } : une section d’évaluation est en retard depuis hier
       *[other] { $country } : une section d’évaluation est en retard de { $days } jours
     }
   *[other] { $days ->
        [one] { $country } : une évaluation est en retard depuis hier
       *[other] { $country } : une évaluation est en retard de { $days } jours
     }
}
A4-text = { $as ->
    [assignee] Le jour indiqué est passé et votre section n’a pas été remise. Veuillez la remettre, ou convenir d’un nouveau jour.
   *[other] Le jour indiqué est passé et rien n’a été remis. Veuillez y veiller, ou fixer un nouveau jour.
 }
A4-action = { $thing ->
    [section] Voir la section
   *[other] Voir l’évaluation
}

A5-subject = { $thing ->
    [section] { $to ->
        [returned] { $country } : une section d’évaluation a été renvoyée
       *[other] { $country } : une section d’évaluation a été remise
     }
   *[other] { $to ->
        [validated] { $country } : une évaluation a été validée
        [returned] { $country } : une évaluation a été renvoyée
       *[other] { $country } : une évaluation a été remise
     }
}
A5-text = { $to ->
    [validated] L’évaluation du pays ci-dessous a été validée. Un point focal du pays décide de ce qui en est communiqué.
    [returned] Elle a été renvoyée. Ce qui reste à faire y est indiqué.
   *[other] { $as ->
        [reviewers] L’évaluation du pays ci-dessous a été remise et attend votre examen : renvoyez-la ou validez-la.
       *[other] Elle a été remise.
     }
 }

    { -after-login }
A5-action = { $thing ->
    [section] Voir la section
   *[other] Voir l’évaluation
}

A6-subject = { $country } : une évaluation attend toujours votre examen
A6-text = L’évaluation du pays ci-dessous a été remise il y a { $days } jours et attend : renvoyez-la ou validez-la.
A6-action = Voir l’évaluation

A7-subject = { $days ->
    [0] { $country } : une preuve d’évaluation expire aujourd’hui
    [1] { $country } : une preuve d’évaluation expire demain
   *[other] { $country } : une preuve d’évaluation expire dans { $days } jours
}
A7-text = Après le jour indiqué, elle ne prouve plus ce pour quoi elle a été présentée. Veuillez présenter ce qui la remplace lors de la prochaine évaluation.
A7-action = Voir la preuve

A8-subject = { $country } : une évaluation est à refaire dans { $days } jours
A8-text = L’évaluation du pays ci-dessous parle du passé. Elle est à refaire au plus tard le jour indiqué ; ses réponses peuvent être reprises pour examen.
A8-action = Voir l’évaluation

K1-subject = { $thing ->
    [risk] { $country } : un risque vous est confié
    [action] { $country } : une action contre un risque vous est confiée
   *[other] { $country } : un système d’IA vous est confié
}
K1-text = Ce qui figure ci-dessous vous est confié.

    { -after-login }
K1-action = Me le montrer

K2-subject = { $country } : un risque dépasse ce qui est toléré
K2-text = Le niveau d’un risque a augmenté et dépasse désormais la tolérance de son registre. Il est à traiter, ou son acceptation est à demander.

    { -after-login }
K2-action = Voir le risque

K3-subject = { $by-day ->
    [after] { $days ->
        [one] { $country } : une action contre un risque est en retard depuis hier
       *[other] { $country } : une action contre un risque est en retard de { $days } jours
     }
   *[before] { $days ->
        [0] { $country } : une action contre un risque est à faire aujourd’hui
        [1] { $country } : une action contre un risque est à faire demain
       *[other] { $country } : une action contre un risque est à faire dans { $days } jours
     }
}
K3-text = { $by-day ->
    [after] Le jour indiqué est passé et l’action n’est pas faite. Veuillez la faire, ou convenir d’un nouveau jour.
   *[before] Veuillez la faire au plus tard le jour indiqué.
 }
K3-action = Voir l’action

K4-subject = { $days ->
    [0] { $country } : l’acceptation d’un risque vous attend
   *[other] { $country } : l’acceptation d’un risque vous attend toujours
}
K4-text = Quelqu’un demande qu’un risque soit assumé tel quel jusqu’au dernier jour indiqué. Veuillez l’accepter ou le rejeter ; qui demande ne décide jamais.

    { -after-login }
K4-action = Voir l’acceptation

K4D-subject = { $country } : l’acceptation d’un risque prend fin dans { $days } jours
K4D-text = Après le dernier jour indiqué, personne n’accepte plus le risque, et il est évalué de nouveau. Traitez-le, ou demandez à temps une nouvelle acceptation.
K4D-action = Voir l’acceptation

K4E-subject = { $to ->
    [accepted] { $country } : un risque a été accepté
    [rejected] { $country } : un risque n’a pas été accepté
    [revoked] { $country } : l’acceptation d’un risque a été retirée
   *[expired] { $country } : l’acceptation d’un risque a pris fin
}
K4E-text = { $to ->
    [accepted] Le risque est assumé tel quel jusqu’au dernier jour indiqué.
    [rejected] Le risque n’est pas assumé tel quel. Le lien dit pourquoi.
    [revoked] Personne n’accepte plus le risque, et il est évalué de nouveau. Le lien dit pourquoi.
   *[expired] Son dernier jour est passé. Personne n’accepte plus le risque, et il est évalué de nouveau.
 }
K4E-action = Voir l’acceptation

K5-subject = { $by-day ->
    [after] { $thing ->
        [risk] { $country } : un risque était à revoir il y a { $days } jours
       *[other] { $country } : une étude d’impact d’IA était à revoir il y a { $days } jours
     }
   *[before] { $thing ->
        [risk] { $days ->
            [0] { $country } : un risque est à revoir aujourd’hui
           *[other] { $country } : un risque est à revoir dans { $days } jours
         }
       *[other] { $days ->
            [0] { $country } : une étude d’impact d’IA est à revoir aujourd’hui
           *[other] { $country } : une étude d’impact d’IA est à revoir dans { $days } jours
         }
     }
}
K5-text = Est-ce toujours vrai tel que c’est écrit ? Veuillez le revoir et fixer le prochain jour.
K5-action = Me le montrer

K6-subject = { $country } : un risque est à revoir après un événement
K6-text = Il s’est passé quelque chose qui oblige à revoir un risque, et il a été rouvert.

    { -after-login }
K6-action = Voir le risque

S1-subject = { $to ->
    [proposed] { $country } : une communication est demandée
    [granted] { $as ->
        [recipients] { $country } : un document vous est communiqué
       *[other] { $country } : une communication a été accordée
     }
    [declined] { $country } : une communication a été refusée
   *[other] { $country } : une communication a été retirée
}
S1-text = { $to ->
    [proposed] Quelqu’un demande à votre pays de communiquer ce qui figure ci-dessous. Un point focal accorde ou refuse ; d’ici là, rien n’est montré. Le lien dit à quelle fin c’est demandé.
    [granted] { $as ->
        [recipients] Le pays communique ce qui figure ci-dessous, jusqu’au dernier jour. Chaque lecture est inscrite au registre d’accès du pays.
       *[other] Ce qui figure ci-dessous est communiqué jusqu’au dernier jour. Un point focal peut le retirer à tout moment.
     }
    [declined] Le pays ne communique pas ce qui figure ci-dessous. Le lien dit pourquoi.
   *[other] Ce qui figure ci-dessous n’est plus communiqué. Le lien dit pourquoi.
 }
S1-action = Voir la communication

S2-subject = { $days ->
    [0] { $country } : une communication prend fin aujourd’hui
    [1] { $country } : une communication prend fin demain
   *[other] { $country } : une communication prend fin dans { $days } jours
}
S2-text = { $as ->
    [recipients] Ce qui figure ci-dessous est communiqué jusqu’au dernier jour, puis fermé. S’il vous le faut plus longtemps, demandez-le à temps au pays.
   *[other] Ce qui figure ci-dessous est communiqué jusqu’au dernier jour, puis fermé. S’il le faut plus longtemps, accordez une nouvelle communication.
 }
S2-action = Voir la communication

E2-subject = Des lettres n’ont atteint personne
E2-text = Depuis une heure, des lettres étaient sans destinataire, ont été refusées ou abandonnées.
E2-action = Voir le journal des envois
