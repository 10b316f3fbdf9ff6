/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rules of the reader: versions, visits, forms, structure and reach (odm_says.h).
*/
#include "protocol/study/odm_says.h"

static const struct message ROWS[] = {
    {"ODM-21", "An included version must be there.", "Een ingesloten versie moet er zijn.",
     "Une version incluse doit être présente.",
     "Eine eingeschlossene Version muss vorhanden sein."},
    {"ODM-21.do",
     "Put the included MetaDataVersion into the file, or give its file with --include.",
     "Zet de ingesloten MetaDataVersion in het bestand, of geef haar bestand met "
     "--include.",
     "Mettez la MetaDataVersion incluse dans le fichier, ou donnez son fichier avec "
     "--include.",
     "Setzen Sie die eingeschlossene MetaDataVersion in die Datei, oder geben Sie ihre "
     "Datei mit --include an."},
    {"ODM-22", "A crfd extension must be as its schema says.",
     "Een crfd-uitbreiding moet zijn zoals haar schema zegt.",
     "Une extension crfd doit être conforme à son schéma.",
     "Eine crfd-Erweiterung muss so sein, wie ihr Schema sagt."},
    {"ODM-22.do", "See protocol/crfd-odm-ext.md.", "Zie protocol/crfd-odm-ext.md.",
     "Voir protocol/crfd-odm-ext.md.", "Siehe protocol/crfd-odm-ext.md."},
    {"ODM-23", "Without Protocol, every StudyEventDef takes part.",
     "Zonder Protocol doet elke StudyEventDef mee.",
     "Sans Protocol, chaque StudyEventDef compte.",
     "Ohne Protocol zählt jede StudyEventDef mit."},
    {"ODM-23.do", "Add a Protocol with a StudyEventRef for each visit.",
     "Voeg een Protocol toe met een StudyEventRef voor elk bezoek.",
     "Ajoutez un Protocol avec une StudyEventRef pour chaque visite.",
     "Ergänzen Sie ein Protocol mit einer StudyEventRef für jede Visite."},
    {"ODM-24", "The definition has no study event: nothing can be entered.",
     "De definitie heeft geen bezoek (StudyEventDef): er kan niets worden ingevoerd.",
     "La définition n'a pas de visite (StudyEventDef) : rien ne peut être saisi.",
     "Die Definition hat keine Visite (StudyEventDef): es kann nichts eingegeben werden."},
    {"ODM-24.do", "Right for a terminology or a library of items; a study needs visits.",
     "Goed voor een terminologie of een bibliotheek van items; een studie heeft bezoeken "
     "nodig.",
     "Correct pour une terminologie ou une bibliothèque d'items ; une étude a besoin de "
     "visites.",
     "Richtig für eine Terminologie oder eine Bibliothek von Items; eine Studie braucht "
     "Visiten."},
    {"ODM-25", "Values of an external code list are not checked.",
     "Waarden van een externe codelijst worden niet gecontroleerd.",
     "Les valeurs d'une liste de codes externe ne sont pas contrôlées.",
     "Werte einer externen Codeliste werden nicht geprüft."},
    {"ODM-25.do", "Name the dictionary's version in the study's operation.",
     "Noem de versie van het woordenboek bij de uitvoering van de studie.",
     "Nommez la version du dictionnaire dans la conduite de l'étude.",
     "Nennen Sie die Version des Wörterbuchs bei der Durchführung der Studie."},
    {"ODM-26", "Item names should be unique in a form: they are its key words.",
     "Namen van items horen in een formulier uniek te zijn: het zijn de sleutelwoorden.",
     "Les noms d'items devraient être uniques dans un formulaire : ce sont ses mots clés.",
     "Namen von Items sollten in einem Formular eindeutig sein: sie sind seine "
     "Schlüsselwörter."},
    {"ODM-26.do", "Rename one of the items; until then people type the OID.",
     "Hernoem een van de items; tot dan typt men de OID.",
     "Renommez l'un des items ; d'ici là, on tape l'OID.",
     "Benennen Sie eines der Items um; bis dahin tippt man die OID."},
    {"ODM-27", "A log-like form must be repeating.",
     "Een lijstformulier (crfd:Log) moet herhaalbaar zijn.",
     "Un formulaire en forme de journal (crfd:Log) doit être répétable.",
     "Ein Listenformular (crfd:Log) muss wiederholbar sein."},
    {"ODM-27.do", "Set Repeating=\"Yes\".", "Zet Repeating=\"Yes\".",
     "Mettez Repeating=\"Yes\".", "Setzen Sie Repeating=\"Yes\"."},
    {"ODM-28", "The unit of a RangeCheck must be, or convert to, one of the item's.",
     "De eenheid van een RangeCheck moet er een van het item zijn, of daarnaar om te "
     "rekenen.",
     "L'unité d'un RangeCheck doit être l'une de celles de l'item, ou s'y convertir.",
     "Die Einheit eines RangeCheck muss eine des Items sein oder sich in eine umrechnen "
     "lassen."},
    {"ODM-28.do", "Add the unit to the item, or give both units the same crfd:Base.",
     "Voeg de eenheid aan het item toe, of geef beide eenheden dezelfde crfd:Base.",
     "Ajoutez l'unité à l'item, ou donnez aux deux unités la même crfd:Base.",
     "Fügen Sie dem Item die Einheit hinzu, oder geben Sie beiden Einheiten dieselbe "
     "crfd:Base."},
    {"ODM-29", "An item with a collection exception is never asked for as missing.",
     "Een item met een uitzondering (CollectionException) wordt nooit als ontbrekend "
     "gevraagd.",
     "Un item avec une exception de recueil (CollectionException) n'est jamais réclamé "
     "comme manquant.",
     "Ein Item mit einer Erhebungsausnahme (CollectionException) wird nie als fehlend "
     "erfragt."},
    {"ODM-29.do", "Give the ConditionDef an expression that crfd reads.",
     "Geef de ConditionDef een expressie die crfd leest.",
     "Donnez à la ConditionDef une expression que crfd lit.",
     "Geben Sie der ConditionDef einen Ausdruck, den crfd liest."},
    {"ODM-30", "ODMVersion should be 1.3, 1.3.1 or 1.3.2.",
     "ODMVersion hoort 1.3, 1.3.1 of 1.3.2 te zijn.",
     "ODMVersion devrait être 1.3, 1.3.1 ou 1.3.2.",
     "ODMVersion sollte 1.3, 1.3.1 oder 1.3.2 sein."},
    {"ODM-30.do", "Set ODMVersion=\"1.3.2\".", "Zet ODMVersion=\"1.3.2\".",
     "Mettez ODMVersion=\"1.3.2\".", "Setzen Sie ODMVersion=\"1.3.2\"."},
    {"ODM-32", "The file must be ODM 1.3, 1.3.1 or 1.3.2.",
     "Het bestand moet ODM 1.3, 1.3.1 of 1.3.2 zijn.",
     "Le fichier doit être en ODM 1.3, 1.3.1 ou 1.3.2.",
     "Die Datei muss ODM 1.3, 1.3.1 oder 1.3.2 sein."},
    {"ODM-32.do",
     "Export as ODM 1.3.2. ODM 2.0 and ODM 1.0 to 1.2 have other elements and are not "
     "read.",
     "Exporteer als ODM 1.3.2. ODM 2.0 en ODM 1.0 tot 1.2 hebben andere elementen en "
     "worden niet gelezen.",
     "Exportez en ODM 1.3.2. ODM 2.0 et ODM 1.0 à 1.2 ont d'autres éléments et ne sont pas "
     "lus.",
     "Exportieren Sie als ODM 1.3.2. ODM 2.0 und ODM 1.0 bis 1.2 haben andere Elemente und "
     "werden nicht gelesen."},
    {"ODM-33", "An element must be one that ODM 1.3.2 has in this place.",
     "Een element moet er een zijn dat ODM 1.3.2 op deze plaats heeft.",
     "Un élément doit être l'un de ceux qu'ODM 1.3.2 admet à cet endroit.",
     "Ein Element muss eines sein, das ODM 1.3.2 an dieser Stelle hat."},
    {"ODM-33.do",
     "Correct its spelling, move it, or put it into the vendor's own namespace.",
     "Verbeter de spelling, verplaats het, of zet het in de eigen naamruimte van de "
     "leverancier.",
     "Corrigez son orthographe, déplacez-le, ou mettez-le dans l'espace de noms du "
     "fournisseur.",
     "Berichtigen Sie die Schreibweise, verschieben Sie es, oder setzen Sie es in den "
     "Namensraum des Herstellers."},
    {"ODM-35", "An element must not stand more often than ODM allows.",
     "Een element mag er niet vaker staan dan ODM toestaat.",
     "Un élément ne doit pas figurer plus souvent qu'ODM ne l'admet.",
     "Ein Element darf nicht öfter stehen, als ODM erlaubt."},
    {"ODM-35.do", "Keep one of them; crfd will not choose.",
     "Houd er een; crfd kiest niet.", "Gardez-en un ; crfd ne choisira pas.",
     "Behalten Sie eines; crfd wählt nicht aus."},
    {"ODM-36", "What other namespaces say is not read.",
     "Wat andere naamruimten zeggen, wordt niet gelezen.",
     "Ce que disent d'autres espaces de noms n'est pas lu.",
     "Was andere Namensräume sagen, wird nicht gelesen."},
    {"ODM-36.do",
     "Nothing, if the study does not need it; else say it in ODM or in crfd's namespace.",
     "Niets, als de studie het niet nodig heeft; zeg het anders in ODM of in de naamruimte "
     "van crfd.",
     "Rien, si l'étude n'en a pas besoin ; sinon, dites-le en ODM ou dans l'espace de noms "
     "de crfd.",
     "Nichts, wenn die Studie es nicht braucht; sonst sagen Sie es in ODM oder im "
     "Namensraum von crfd."},
    {"ODM-37",
     "A code list should have the data type of its item; all its values fit here.",
     "Een codelijst hoort het gegevenstype van haar item te hebben; hier passen al haar "
     "waarden.",
     "Une liste de codes devrait avoir le type de données de son item ; ici, toutes ses "
     "valeurs conviennent.",
     "Eine Codeliste sollte den Datentyp ihres Items haben; hier passen alle ihre Werte."},
    {"ODM-37.do", "Give the list the item's data type when you next change the definition.",
     "Geef de lijst het gegevenstype van het item wanneer u de definitie weer wijzigt.",
     "Donnez à la liste le type de données de l'item à la prochaine modification de la "
     "définition.",
     "Geben Sie der Liste den Datentyp des Items, wenn Sie die Definition das nächste Mal "
     "ändern."},
    {"ODM-38", "Some value must be able to meet all Hard checks of an item.",
     "Er moet een waarde zijn die aan alle harde controles (Hard) van een item kan "
     "voldoen.",
     "Il doit exister une valeur qui satisfasse tous les contrôles Hard d'un item.",
     "Es muss einen Wert geben, der alle Prüfungen mit Hard eines Items erfüllen kann."},
    {"ODM-38.do", "Correct the limits: as they stand, the item can never be answered.",
     "Verbeter de grenzen: zoals ze er staan, is het item nooit te beantwoorden.",
     "Corrigez les limites : telles quelles, l'item ne peut jamais recevoir de réponse.",
     "Berichtigen Sie die Grenzen: so, wie sie da stehen, lässt sich das Item nie "
     "beantworten."},
    {"ODM-39", "Some value should be able to meet all checks of an item.",
     "Er hoort een waarde te zijn die aan alle controles van een item kan voldoen.",
     "Il devrait exister une valeur qui satisfasse tous les contrôles d'un item.",
     "Es sollte einen Wert geben, der alle Prüfungen eines Items erfüllen kann."},
    {"ODM-39.do", "Correct the limits: as they stand, every answer will be asked about.",
     "Verbeter de grenzen: zoals ze er staan, wordt bij elk antwoord een vraag gesteld.",
     "Corrigez les limites : telles quelles, chaque réponse donnera lieu à une question.",
     "Berichtigen Sie die Grenzen: so, wie sie da stehen, wird bei jeder Antwort "
     "nachgefragt."},
    {"ODM-40", "A form should be part of a study event, and an event of the Protocol.",
     "Een formulier hoort bij een bezoek (StudyEventDef) te horen, en een bezoek bij het "
     "Protocol.",
     "Un formulaire devrait faire partie d'une visite (StudyEventDef), et une visite du "
     "Protocol.",
     "Ein Formular sollte zu einer Visite (StudyEventDef) gehören und eine Visite zum "
     "Protocol."},
    {"ODM-40.do", "Reference it, or delete it: as it stands nobody can reach it.",
     "Verwijs ernaar, of verwijder het: zoals het er staat, kan niemand erbij.",
     "Référencez-le, ou supprimez-le : tel quel, personne ne peut y accéder.",
     "Verweisen Sie darauf, oder löschen Sie es: so, wie es da steht, kommt niemand "
     "heran."},
};

const struct message_topic MESSAGES_RULES_STUDY = {ROWS, ARRAY_LEN(ROWS)};
