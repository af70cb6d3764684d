"""Protocols and answers as HL7 FHIR R4 resources (Questionnaire, QuestionnaireResponse), in and out."""
